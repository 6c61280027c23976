"""Write facts and photos into an installation until told to stop (SIGTERM); says how many."""

import hashlib
import os
import signal
import threading
from datetime import timedelta
from random import Random

import django


def main() -> None:
    """Everything of ours is imported once Django stands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixiao.conf.settings")
    django.setup()
    from django.db import transaction

    from guixiao.conf import edge
    from guixiao.facts import By, happenings
    from guixiao.facts.clock import day_of
    from guixiao.facts.codes import Mark, Session
    from guixiao.files import blobs
    from guixiao.files.actions import keep
    from guixiao.files.intake import Intake
    from guixiao.files.models import Purpose
    from guixiao.journal.append import Stated, append
    from guixiao.people.models import Enrolment, Student

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    chance, facts, photos = Random(os.getpid()), 0, 0
    seats = list(Enrolment.objects.order_by("pk").values_list("student_id", "klass_id", "school_id")[:2000])
    while not stop.wait(0.02):
        child, room, school = chance.choice(seats)
        now, by = edge.now(), By(account=1, post="class_teacher", org=school)
        day = day_of(now) - timedelta(days=chance.randrange(30))
        fact = happenings.AbsenceMarked(
            student=child, class_id=room, day=day, session=Session.MORNING, mark=Mark.NONE
        )
        stated = [Stated(fact)]
        plain = chance.randbytes(60_000)
        intake = Intake(
            blobs.put(plain), "家访.jpg", "image/jpeg", len(plain), hashlib.sha256(plain).hexdigest()
        )
        with transaction.atomic():
            student = Student.objects.get(pk=child)
            stated += keep(
                by=by, now=now, student=student, purpose=Purpose.VISIT_PHOTO, owner=1, intakes=[intake]
            )
            append(stated, by=by, now=now)
        facts, photos = facts + 2, photos + 1
    print(f"  meanwhile {facts} facts and {photos} photos were written")


main()
