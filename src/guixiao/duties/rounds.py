"""What the workers share: who leads, who is alive, which part of a large round is in whose hands.

None of these rows is recorded: a round that is lost is begun again, and doing a thing twice changes nothing.
"""

from __future__ import annotations

from django.db import models


class Pass(models.Model):
    """Up to which day a recurring pass of the tick has run."""

    name = models.CharField(max_length=40, unique=True)
    day = models.DateField()

    class Meta:
        app_label = "duties"

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class Worker(models.Model):
    """A background process: when it was last heard of, and how its last whole round went.

    ``name`` is ``host:pid:start``. ``took`` is the length of that round in seconds.
    """

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    round_at = models.DateTimeField(null=True)
    took = models.FloatField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "duties"

    def __str__(self) -> str:
        return self.name


class Lease(models.Model):
    """Something one worker does at a time, and until when it is that worker's unless renewed."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField(null=True)

    class Meta:
        app_label = "duties"

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"


class Round(models.Model):
    """A round so large that the workers share it. At most one is ``current`` (``None`` once it has ended).

    Everything in it is judged, told and folded as of ``moment``, whoever does it and however long it takes, so
    that nobody gets two digests. ``read`` is ``[[chain, seq], …]``: how far the journal is read once all is done.
    """

    moment = models.DateTimeField()
    since = models.DateField()
    daily = models.BooleanField()
    gap = models.PositiveIntegerField(default=0)
    read = models.JSONField(default=list)
    students = models.JSONField(default=list)
    places = models.JSONField(default=list)
    current = models.BooleanField(null=True, unique=True)

    class Meta:
        app_label = "duties"

    def __str__(self) -> str:
        return f"round of {self.moment}"


class Share(models.Model):
    """Some subjects of a round, ``[[kind, id], …]``, and whose they are until when."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="shares")
    number = models.PositiveIntegerField()
    subjects = models.JSONField()
    holder = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)

    class Meta:
        app_label = "duties"
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="duties_share_once")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"


class Stuck(models.Model):
    """A subject whose duties could not be worked out: the rest of the round went on without it."""

    kind = models.CharField(max_length=10)
    subject = models.PositiveBigIntegerField()
    since = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        app_label = "duties"
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="duties_stuck_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
