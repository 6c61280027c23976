"""PURE: rules, calendar arithmetic, evaluate, explain. No Django, no clock, no I/O. See docs/policy-engine.md."""

from .evaluate import evaluate
from .law import AdoptedPack, Clause, Deadline, Pack, Parameter, Rule, SubjectKind
from .standing import Deputy, Holding, Line, Membership, Pupil, Standing
from .values import Assignee, Happened, Message, Outcome, Reason, Rung, State, Subject, Via, Weight

__all__ = [
    "AdoptedPack",
    "Assignee",
    "Clause",
    "Deadline",
    "Deputy",
    "Happened",
    "Holding",
    "Line",
    "Membership",
    "Message",
    "Outcome",
    "Pack",
    "Parameter",
    "Pupil",
    "Reason",
    "Rule",
    "Rung",
    "Standing",
    "State",
    "Subject",
    "SubjectKind",
    "Via",
    "Weight",
    "evaluate",
]
