"""PURE: rules, calendar arithmetic, evaluate, explain. No Django, no clock, no I/O. See docs/policy-engine.md."""

from .compose import Task, compose
from .episodes import Matched, match, same_episode
from .evaluate import evaluate
from .in_force import InForce
from .law import AdoptedPack, Clause, Deadline, Pack, Parameter, Rule, SubjectKind
from .loader import PackError, load_pack
from .parameters import LooseningRefused, check_adoption
from .standing import Deputy, Holding, Line, Membership, Pupil, Standing
from .values import Assignee, Happened, Message, Outcome, Progress, Reason, Rung, State, Subject, Via, Weight

__all__ = [
    "AdoptedPack",
    "Assignee",
    "Clause",
    "Deadline",
    "Deputy",
    "Happened",
    "Holding",
    "InForce",
    "Line",
    "LooseningRefused",
    "Matched",
    "Membership",
    "Message",
    "Outcome",
    "Pack",
    "PackError",
    "Parameter",
    "Progress",
    "Pupil",
    "Reason",
    "Rule",
    "Rung",
    "Standing",
    "State",
    "Subject",
    "SubjectKind",
    "Task",
    "Via",
    "Weight",
    "check_adoption",
    "compose",
    "evaluate",
    "load_pack",
    "match",
    "same_episode",
]
