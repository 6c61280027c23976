"""The ``guixiao`` command: the product's own verbs, and Django's beneath them."""

import os
import sys

VERBS = {
    "init": "make the key ring and the database of a new installation",
    "found-county": "the first county and its three administrators, in an empty installation",
    "verify": "check every chain of the journal against its key, its anchors and the state it led to",
    "demo": "a made-up county to practise in",
    "rotate-keys": "a new key for encrypted fields and files; everything is moved over (goes on where it stopped)",
    "serve": "the web server with its worker",
    "import": "the national register's spreadsheet: checked, written, taken back (FILE --school --as)",
    "worker": "the background loop alone",
    "tick": "duties for everything not yet settled, and for deadlines that passed",
    "rehearse": "what a regulation would have demanded, without writing",
    "scenarios": "run the scenarios of every regulation pack",
    "coverage": "which rules are modelled, and where",
    "open-year": "preview, open or take back a school year (YEAR --place)",
    "import-staff": "staff, posts and classes by spreadsheet (FILE --place --as)",
    "health": "what an administrator looks at each morning; exit 1 when something is wrong",
    "backup": "a hot, encrypted, verified copy of everything (--list, --drill)",
    "restore": "put a backup back in an empty home; refuses a wrong key or a broken file first",
    "move-to-postgres": "copy the embedded database into an empty PostgreSQL, verified by counts and chain heads",
    "bench": "measure and print, with the baseline of the same run: rush, tick, import, pages, engine",
}


def main(argv: list[str] | None = None) -> None:
    """Run one verb; without one, list them."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in ("-h", "--help"):
        print("guixiao 归校\n")
        print("\n".join(f"  guixiao {verb:<16} {what}" for verb, what in VERBS.items()))
        return
    if args[0] == "demo":
        os.environ.setdefault("GUIXIAO_HOME", os.path.join(os.getcwd(), "var", "demo"))
        for name, value in (("GUIXIAO_DEMO", "1"), ("GUIXIAO_MAKE_KEYS", "1"), ("GUIXIAO_HTTPS", "0")):
            os.environ.setdefault(name, value)
    if args[0] == "init":
        os.environ["GUIXIAO_MAKE_KEYS"] = "1"
        args = ["migrate", *args[1:]]
    if args[0] in VERBS:
        args[0] = args[0].replace("-", "_")  # a command is a module
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixiao.conf.settings")
    from django.core.management import execute_from_command_line

    from guixiao.conf.keys import KeysMissing

    try:
        execute_from_command_line(["guixiao", *args])
    except KeysMissing as why:
        raise SystemExit(f"guixiao: {why}") from None
