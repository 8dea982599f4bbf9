"""Audiences as code: the rule language, its meaning, its evaluation. spec lifetide.audience/v1.

A document (plain dict, the shape of react-querybuilder) becomes a tree of frozen nodes and back:

    audience = parse(document)            # raises DefinitionError with everything that is wrong
    audience, problems = check(document)  # None and (path, message) pairs, for editors; nothing is raised
    document(audience)                    # the plain dict with every default said; parse(document(a)) == a
    canonical(audience)                   # the part that decides membership: without key, name and owner
    canonical_json(audience), rule_hash(audience)

Nodes (`audiences.tree`): Group (rules, combinator, negated) holds Compare (a profile field), Match, Aggregate,
Sequence and FirstTime (a collection), InAudience, Interested. A Group without rules holds for everyone.
`FIELDS[name]` (`audiences.fields`) gives kind, operators, meaning, when a value is missing, words (least to most) and
an example rule; `.elements` are the fields of a collection. `plain(node)` writes a part of a tree.

Two-valued: a comparison with a missing value is false; the operators in `words.OPPOSITES` deny another one and are
true of a missing value, unless `excludes_missing` (`nulls: exclude`). `negated` is the plain complement.
Numbers in a tree are Decimal, dates are date, lists are tuples (sorted, without doubles).
"""

from lifetide.audiences.fields import FIELDS, Field
from lifetide.audiences.problems import Problem
from lifetide.audiences.reading import check, parse
from lifetide.audiences.tree import Audience, Group, Node
from lifetide.audiences.writing import canonical, canonical_json, document, plain, rule_hash

__all__ = [
    "FIELDS", "Audience", "Field", "Group", "Node", "Problem", "canonical", "canonical_json", "check", "document",
    "parse", "plain", "rule_hash",
]  # fmt: skip
