"""Holds one module's source text against the rules; every finding is a sentence with the line it speaks of."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import PurePath

from architecture import rules

Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(module: str, source: str) -> list[str]:
    """Everything that is wrong with `source` as the module of that dotted name (lifetide.x, jobs.x, notebooks.x)."""
    tree = ast.parse(source)
    found = [
        *named(module),
        *sized(tree, source),
        *explained(module, tree),
        *imported(module, tree),
        *reached(module, tree),
        *told_the_time(module, tree),
        *built_too_early(tree),
    ]
    return [f"{module}: {one}" for one in found if not _is_excepted(module, one)]


def named(module: str) -> Iterator[str]:
    """Names that say nothing."""
    for part in module.split("."):
        if part in rules.REFUSED_NAMES:
            yield f"a module is not called {part}"


def sized(tree: ast.Module, source: str) -> Iterator[str]:
    """Files and functions that are too long; docstrings of functions are not counted."""
    lines = len(source.splitlines())
    if lines > rules.MOST_LINES:
        yield f"{lines} lines, {rules.MOST_LINES} are allowed"
    for node in ast.walk(tree):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            if length > rules.MOST_FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {length} lines, {rules.MOST_FUNCTION_LINES} are allowed"


def explained(module: str, tree: ast.Module) -> Iterator[str]:
    """Public modules of the library and its doors say what they are."""
    is_public = not module.rpartition(".")[2].startswith("_")
    if is_public and not module.startswith("notebooks") and not ast.get_docstring(tree):
        yield "no docstring"


def imported(module: str, tree: ast.Module) -> Iterator[str]:
    """Imports against the floors."""
    for line, name in _imports(module, tree):
        top = name.partition(".")[0]
        if top == "lifetide":
            problem = _inside(module, name)
        elif top in sys.stdlib_module_names or top in rules.STAND_INS:
            problem = None
        else:
            problem = _outside(module, name)
        if problem:
            yield f"line {line}: {problem}"


def reached(module: str, tree: ast.Module) -> Iterator[str]:
    """What is not safe under Spark Connect, Python per row, and doors out of Spark."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name, line = node.attr, node.lineno
        elif isinstance(node, ast.Name):
            name, line = node.id, node.lineno
            if name in rules.CONNECT_UNSAFE or name in rules.UNBOUNDED:
                continue  # a variable of that name is not Spark's
        else:
            continue
        if name in rules.CONNECT_UNSAFE and place(module) not in rules.MAY_REACH_INTO_SPARK:
            yield f"line {line}: .{name} outside session and storage"
        if name in rules.UDFS:
            yield f"line {line}: {name}: no Python function is called per row"
        if name in rules.UNBOUNDED and not _is_in(module, rules.MAY_COLLECT):
            yield f"line {line}: {name} outside storage.bounded: use rows(df, at_most=…)"


def told_the_time(module: str, tree: ast.Module) -> Iterator[str]:
    """Clocks and surroundings below the command."""
    if _is_in(module, rules.READS_SURROUNDINGS):
        return
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            last_two = ".".join(_dotted(node)[-2:])
            if last_two in rules.CLOCKS:
                yield f"line {node.lineno}: {last_two} reads the clock"
            if last_two in rules.SURROUNDINGS:
                yield f"line {node.lineno}: {last_two} reads the environment"
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in rules.CLOCKS | rules.SURROUNDINGS:
                    yield f"line {node.lineno}: {node.module}.{alias.name} is imported"
        elif isinstance(node, ast.Constant) and id(node) not in docstrings and _names_sql_clock(node.value):
            yield f"line {node.lineno}: SQL that reads the clock"


def built_too_early(tree: ast.Module) -> Iterator[str]:
    """Columns and windows that would need a session while the module is imported."""
    for node in _evaluated_on_import(tree.body):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("F", "Window"):
            yield f"line {node.lineno}: {node.value.id}.{node.attr} at module level needs a session on import"


def misplaced(path: PurePath) -> Iterator[str]:
    """What is wrong with where a file lies and what it is called; the path is relative to the repository."""
    top = path.parts[0]
    if not top.startswith(".") and top not in rules.TOP_LEVEL:
        yield f"{path}: {top} does not belong to the top level"
    for part in path.parts:
        if PurePath(part).stem in rules.REFUSED_NAMES:
            yield f"{path}: {part} says nothing about its subject"


def tied_to_a_place(text: str) -> list[str]:
    """Hosts of registries and folders of somebody's machine that a file speaks of."""
    return [word for word in (*rules.REGISTRIES, rules.WORKPLACE) if word in text]


def place(module: str) -> str:
    """Where a module stands: a name of the map of floors."""
    parts = module.split(".")
    return parts[1] if parts[0] == "lifetide" and len(parts) > 1 else parts[0]


def _inside(module: str, name: str) -> str | None:
    here, there = place(module), place(name)
    if here not in rules.FLOORS:
        return f"{here} has no floor: add it to the rules"
    if there not in rules.FLOORS:
        return f"imports {name}, which has no floor"
    if here == there or here in rules.FACE:
        return None
    upper, lower = rules.FLOORS[here], rules.FLOORS[there]
    if upper == 4 and there in rules.DOORS_MAY_IMPORT:
        return None
    if upper == 1 and there in rules.SHARED_BY_SUBJECTS:
        return None
    if here in rules.JOINS_SUBJECTS and lower == 1:
        return None
    if lower in rules.MAY_IMPORT[upper] and not (there in rules.ABOVE_ALL and here not in rules.ABOVE_ALL):
        return None
    return f"{here} (floor {upper}) imports {name} (floor {lower})"


def _outside(module: str, name: str) -> str | None:
    here = place(module)
    floor = rules.FLOORS.get(here, 0)
    top = name.partition(".")[0]
    if top not in rules.THIRD_PARTIES_BY_PLACE.get(here, rules.THIRD_PARTIES[floor]):
        return f"{here} (floor {floor}) imports {name}"
    if floor == 1 and top == "pyspark":
        taken = name.removeprefix("pyspark.sql.").partition(".")[0]
        if not name.startswith("pyspark.sql.") or taken not in rules.MEANING_MAY_TAKE_FROM_PYSPARK:
            return f"{here} (floor 1) imports {name}: meaning is made of columns and frames only"
    return None


def _imports(module: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, _imported_name(base, alias.name)) for alias in node.names)


def _imported_name(base: str, name: str) -> str:
    """`from lifetide import flow` imports a module; `from lifetide import main` the package's face."""
    if base == "lifetide":
        return f"lifetide.{name}" if name in rules.FLOORS else "lifetide"
    return f"{base}.{name}"


def _evaluated_on_import(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes that run on import: no bodies of functions and lambdas, no annotations."""
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Function):
            waiting += [*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        elif isinstance(node, ast.AnnAssign):
            waiting += [node.value] if node.value else []
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _names_sql_clock(value: object) -> bool:
    return isinstance(value, str) and re.search(rules.SQL_CLOCKS, value) is not None


def _docstring_lines(node: Function) -> int:
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def _dotted(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def _is_in(module: str, places: tuple[str, ...]) -> bool:
    inner = module.removeprefix("lifetide.")
    return any(inner == one or inner.startswith(f"{one}.") for one in places)


def _is_excepted(module: str, finding: str) -> bool:
    return any(module == where and what in finding for where, what in rules.EXCEPTIONS)
