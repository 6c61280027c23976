"""The outbox. Plain rows, written only by ``notify.actions`` inside the transaction of what they tell of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixiao.places.models import Person


class Kind(models.TextChoices):
    """What a notice is about."""

    OPENED = "opened", _("新的待办")
    BEFORE = "before", _("快到期")
    DUE = "due", _("已逾期")
    AFTER = "after", _("逾期未办")
    REMINDED = "reminded", _("提醒")
    ESCALATED = "escalated", _("升级")
    WITHDRAWN = "withdrawn", _("撤回")
    WAIVED = "waived", _("豁免")
    MOVED = "moved", _("转到你名下")
    DIGEST = "digest", _("合并通知")
    SENT_BACK = "sent_back", _("报表退回")
    CLOSING = "closing", _("提请销号")
    GLASS = "glass", _("紧急查看")
    ROLL_CALL = "roll_call", _("提醒点名")
    OTHER = "other", _("通知")


class Notice(models.Model):
    """One person is told one thing, once: ``key`` makes a second telling harmless.

    ``text`` is a message id with ``params`` and names no child; the child stands in ``student`` and is shown
    inside the app only. ``folded`` points to the digest that stands for this notice.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    student = models.PositiveBigIntegerField(null=True)
    place = models.PositiveBigIntegerField(null=True)
    duty = models.PositiveBigIntegerField(null=True)
    key = models.CharField(max_length=140, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    folded = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="inside")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="notify_notice_key")
        ]
        indexes = [
            models.Index(
                fields=["person", "-at"], name="notify_notice_inbox", condition=Q(folded__isnull=True)
            ),
            models.Index(
                fields=["person"],
                name="notify_notice_unread",
                condition=Q(read_at__isnull=True, folded__isnull=True),
            ),
            models.Index(fields=["duty"], name="notify_notice_duty"),
            models.Index(fields=["at"], name="notify_notice_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Delivery(models.Model):
    """A link on its way to an outside channel; tried again with longer and longer pauses, then given up."""

    WAITING, SENT, GIVEN_UP = "waiting", "sent", "given_up"

    channel = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    upto = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, default=WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "upto"], name="notify_delivery_once")]
        indexes = [models.Index(fields=["state", "next_at"], name="notify_delivery_next")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
