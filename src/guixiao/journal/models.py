"""Chains and their entries. One chain for each acting organisation, one more for its looks."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class Unchangeable(RuntimeError):
    """An entry of the journal is written once."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads and first writes only."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Unchangeable("entries are not updated: append a correction")

    def delete(self) -> NoReturn:
        raise Unchangeable("entries are not deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable("entries are not updated: append a correction")


class Chain(models.Model):
    """The head of one chain. ``seal`` signs (name, seq, head) so that a cut tail shows at once."""

    name = models.CharField(max_length=40, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.name}#{self.seq}"


class Entry(models.Model):
    """One fact, chained. Nothing updates or deletes a row of this table."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    records = models.JSONField(default=list)
    student = models.PositiveBigIntegerField(null=True)
    place = models.PositiveBigIntegerField(null=True)
    account = models.PositiveBigIntegerField()
    post = models.CharField(max_length=40)
    org = models.PositiveBigIntegerField()
    for_account = models.PositiveBigIntegerField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    client_id = models.UUIDField(null=True, unique=True)
    prev = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Entry]] = models.Manager.from_queryset(EntryQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="journal_entry_chain_seq")]
        indexes = [
            models.Index(fields=["student", "kind"], name="journal_entry_student"),
            models.Index(fields=["place", "kind", "happened_at"], name="journal_entry_place"),
            models.Index(fields=["kind", "happened_at"], name="journal_entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}#{self.seq} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable("entries are not updated: append a correction")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable("entries are not deleted")


class Cursor(models.Model):
    """How far a reader (``duties``, ``insight``) has read each chain, by the chain's own sequence."""

    reader = models.CharField(max_length=20)
    chain = models.ForeignKey(Chain, on_delete=models.CASCADE)
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "chain"], name="journal_cursor_reader_chain")
        ]

    def __str__(self) -> str:
        return f"{self.reader} at {self.chain_id}#{self.seq}"
