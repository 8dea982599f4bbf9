"""What `lifetide diff` prints, as a person typed it: text, Markdown for a pull request, JSON."""

from __future__ import annotations

from lifetide.command.audience_words import changes_json, changes_markdown, changes_text
from lifetide.pipelines.comparing import Change, Side

VIPS = Change(
    "vips", "changed", "   threshold:\n-  value: 3\n+  value: 2", Side(400, 7.5, 812.346, 0.125),
    Side(1_480, 6.25, 700.0, 0.2), 1_100, 20, "order count is at least 3", "order count is at least 2",
)  # fmt: skip
GONE = Change("gone", "removed", "-spec: x", Side(3, None, None, None), None, 0, 3, "is anyone", None)
NEW = Change("new", "added", "+spec: ```x", None, Side(0, None, None, None), 0, 0, None, "is lost")
MOVED = Change("on_vips", "moved", "", Side(10, 1.0, 20.0, 0.0), Side(12, 1.5, 30.005, 0.0), 2, 0, "a", "a")
FOUND = [VIPS, GONE, NEW, MOVED]

TEXT = """\
vips: changed
    - order count is at least 3
    + order count is at least 2
       threshold:
    -  value: 3
    +  value: 2
  members  400 → 1,480; 1,100 enter, 20 leave (280.0% of those before)
  orders       per member 7.50 → 6.25
  net revenue  per member 812.35 → 700.00
  lost         per member 12.5% → 20.0%

gone: removed
    - is anyone
    -spec: x
  members  3 → none; 0 enter, 3 leave (100.0% of those before)
  orders       per member - → -
  net revenue  per member - → -
  lost         per member - → -

new: added
    + is lost
    +spec: ```x
  members  none → 0; 0 enter, 0 leave
  orders       per member - → -
  net revenue  per member - → -
  lost         per member - → -

on_vips: moved by an audience that it names
  members  10 → 12; 2 enter, 0 leave (20.0% of those before)
  orders       per member 1.00 → 1.50
  net revenue  per member 20.00 → 30.00
  lost         per member 0.0% → 0.0%"""

MARKDOWN = """\
### Audiences on the snapshot of 2026-11-24

| audience | | members | enter | leave | shift | net revenue per member | lost |
|---|---|---|---|---|---|---|---|
| `vips` | changed | 400 → 1,480 | 1,100 | 20 | **280.0%** | 812.35 → 700.00 | 12.5% → 20.0% |
| `gone` | removed | 3 → none | 0 | 3 | **100.0%** | - → - | - → - |
| `new` | added | none → 0 | 0 | 0 |  | - → - | - → - |
| `on_vips` | moved by an audience that it names | 10 → 12 | 2 | 0 | 20.0% | 20.00 → 30.00 | 0.0% → 0.0% |

<details><summary><code>vips</code></summary>

```diff
- order count is at least 3
+ order count is at least 2
   threshold:
-  value: 3
+  value: 2
```

</details>

<details><summary><code>gone</code></summary>

```diff
- is anyone
-spec: x
```

</details>

<details><summary><code>new</code></summary>

````diff
+ is lost
+spec: ```x
````

</details>"""


def test_text_for_the_terminal() -> None:
    assert changes_text(FOUND) == TEXT
    assert changes_text([]) == "No audience differs."


def test_markdown_for_a_pull_request_with_what_is_beyond_the_limit_in_bold() -> None:
    assert changes_markdown(FOUND, "2026-11-24", 0.25) == MARKDOWN
    assert "**" not in changes_markdown(FOUND, "2026-11-24", None)
    assert changes_markdown([], "2026-11-24", 0.2) == (
        "### Audiences on the snapshot of 2026-11-24\n\nNo audience differs."
    )


def test_json_for_a_program() -> None:
    assert changes_json([VIPS, NEW]) == [
        {
            "audience": "vips", "kind": "changed", "entered": 1_100, "left": 20, "shift": 2.8,
            "base": {"members": 400, "orders": 7.5, "net_revenue": 812.346, "lost_share": 0.125},
            "head": {"members": 1_480, "orders": 6.25, "net_revenue": 700.0, "lost_share": 0.2},
            "base_said": "order count is at least 3", "head_said": "order count is at least 2",
            "diff": "   threshold:\n-  value: 3\n+  value: 2",
        },
        {
            "audience": "new", "kind": "added", "entered": 0, "left": 0, "shift": None, "base": None,
            "head": {"members": 0, "orders": None, "net_revenue": None, "lost_share": None},
            "base_said": None, "head_said": "is lost", "diff": "+spec: ```x",
        },
    ]  # fmt: skip
