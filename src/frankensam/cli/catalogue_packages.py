"""``frankensam catalogue import, packages, key``: packages of others, and the keys that packages are signed with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from frankensam.cli.catalogue_loading import ArchiveOption, CorrectionsOption, JsonFlag, PackagesOption, loaded, packages_folder
from frankensam.cli.catalogue_tables import print_table
from frankensam.cli.output import print_json, say
from frankensam.errors import UsageRefused, printable

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides.")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group."""
    group.command("import")(import_)
    group.command("packages")(packages_)
    key = typer.Typer(help="Keys that packages are signed with, in the format of minisign.", no_args_is_help=True, rich_markup_mode=None)
    key.command("new")(new_key)
    key.command("trust")(trust_key)
    key.command("revoke")(revoke_key)
    key.command("list")(list_keys)
    group.add_typer(key, name="key")


def import_(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help="A package: its folder or its .zip file.")],
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
    trust: Annotated[list[Path] | None, typer.Option("--trust", metavar="KEY.pub", help="Trust this key from now on; repeatable.")] = None,
    allow_unsigned: Annotated[bool, typer.Option("--allow-unsigned", help="Take a package that nobody signed.")] = False,
    allow_unknown_key: Annotated[bool, typer.Option("--allow-unknown-key", help="Take a package whose key you do not know.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Verify somebody's package and lay it over the catalogue; every statement of it keeps saying where it came from.

    Nothing is written unless everything in it is right. Importing it again adds nothing.
    """
    from frankensam.catalogue.origins import TRUST_WORDS
    from frankensam.catalogue.packages.installation import import_package
    from frankensam.catalogue.packages.verification import Allowed
    from frankensam.formats.minisign import read_public_key

    folder = packages_folder(archive, packages)
    keys = [read_public_key(path) for path in trust or []]
    done = import_package(package, folder, today=_today(), allowed=Allowed(allow_unsigned, allow_unknown_key), trust=keys)
    catalogue = loaded(archive, packages, corrections, curated_only=False)
    origin = done.package.origin.layer
    mine = [statement for fact in catalogue.facts.values() for statement in fact.statements]
    new = sum(statement.origin.layer == origin for statement in mine)
    held = sum(statement.origin.layer != origin and any(one.layer == origin for one in statement.also) for statement in mine)
    disputed = [
        fact.id for fact in catalogue.conflicts()
        if len({statement.origin.layer for statement in fact.statements}) > 1
        and any(statement.origin.layer == origin for statement in fact.statements)
    ]
    if as_json:
        print_json(done.package.as_json() | {
            "outcome": done.outcome, "statements_added": new, "statements_held_already": held, "conflicts_with_others": disputed,
        })
        return
    words = {"new": "imported", "newer": "imported, in place of the version before", "known": "already in use, nothing added"}
    say(f"package {done.package.name} {done.package.version} by {printable(done.package.publisher)}: {words[done.outcome]}")
    say(TRUST_WORDS[done.package.trust] + (f" ({done.package.key})" if done.package.key else ""))
    say(f"{new} statements that were not held, {held} that were; {len(disputed)} facts on which it disagrees with others")
    for fact_id in disputed:
        say(f"  {printable(fact_id)}")


def packages_(
    remove: Annotated[str | None, typer.Option("--remove", metavar="NAME", help="Take this package out of use.")] = None,
    by: By = None, reason: Reason = None, archive: ArchiveOption = None, packages: PackagesOption = None, as_json: JsonFlag = False,
) -> None:
    """Packages in use; with --remove, declare that one is no longer (its files and its row in the register stay)."""
    from frankensam.catalogue.packages.register import Register, changing

    folder = packages_folder(archive, packages)
    if remove is not None:
        who, why = _decided(by, reason)
        with changing(folder) as register:
            register.removing(remove, by=who, reason=why, day=_today()).write()
        say(f"package {printable(remove)} is no longer in use")
        return
    register = Register.read(folder)
    removed = [row for row in register.rows if row["action"] == "removed"]
    if as_json:
        print_json({"folder": str(folder), "packages": [one.as_json() for one in register.installed], "removed": removed})
        return
    from frankensam.catalogue.origins import TRUST_WORDS

    rows = [
        [one.name, one.version, one.title, one.publisher, one.licence, TRUST_WORDS[one.trust], one.key or "", str(one.imported)]
        for one in register.installed
    ]
    if rows:
        print_table(["package", "version", "title", "publisher", "licence", "signature", "key", "imported"], rows)
    else:
        say(f"no package is in use in {printable(str(folder), 200)}")
    for row in removed:
        say(printable(f"removed on {row['date']} by {row['by']}: {row['name']}: {row['reason']}", 400))


def new_key(
    name: Annotated[Path, typer.Argument(metavar="NAME", help="Writes NAME.key (secret) and NAME.pub (to give away).")],
) -> None:
    """Make a key pair; an existing file is never overwritten, and the secret one only you may read."""
    from frankensam.formats.minisign import new_secret_key, write_key_pair

    key = new_secret_key()
    secret, public = name.with_name(f"{name.name}.key"), name.with_name(f"{name.name}.pub")
    write_key_pair(key, secret, public)
    say(f"{printable(str(secret), 200)}: keep it secret; it has no password")
    say(f"{printable(str(public), 200)}: give it away; key {key.public.name}")
    say(key.public.text)


def trust_key(
    key: Annotated[Path, typer.Argument(metavar="KEY.pub", help="The publisher's key, compared with what the publisher told you.")],
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Trust it until this day.")] = None,
    publisher: Annotated[str | None, typer.Option(metavar="TEXT", help="Whose it is.")] = None,
    archive: ArchiveOption = None, packages: PackagesOption = None,
) -> None:
    """Trust a key: packages signed with it are imported without asking."""
    from frankensam.catalogue.curated import as_date
    from frankensam.catalogue.packages.register import changing
    from frankensam.formats.minisign import read_public_key

    read = read_public_key(key)
    last = None if until is None else as_date(until).latest
    with changing(packages_folder(archive, packages)) as register:
        register.trusting(read, publisher=publisher, until=last, day=_today()).write()
    say(f"key {read.name} is trusted" + ("" if last is None else f" until {last}"))


def revoke_key(
    key: Annotated[str, typer.Argument(metavar="ID", help="Id of the key: 16 hexadecimal digits.")],
    by: By = None, reason: Reason = None, archive: ArchiveOption = None, packages: PackagesOption = None,
) -> None:
    """Declare that a key is lost or stolen: no package signed with it is taken any more."""
    from frankensam.catalogue.packages.register import changing

    identifier = key.strip().upper()
    if len(identifier) != 16 or any(digit not in "0123456789ABCDEF" for digit in identifier):
        raise UsageRefused(f"'{printable(key)}' is no id of a key", slug="key-form", suggestion="'catalogue key list' shows them")
    who, why = _decided(by, reason)
    with changing(packages_folder(archive, packages)) as register:
        register.revoking(identifier, by=who, reason=why, day=_today()).write()
        signed = [one.name for one in register.installed if one.key == identifier]
    say(f"key {identifier} is revoked")
    for name in signed:
        say(f"still in use, signed with it: {printable(name)}; --remove takes it out of use")


def list_keys(archive: ArchiveOption = None, packages: PackagesOption = None, as_json: JsonFlag = False) -> None:
    """Keys that are trusted, and those revoked."""
    from frankensam.catalogue.packages.register import Register

    register = Register.read(packages_folder(archive, packages))
    trusted = [
        {"key": name, "public": one.key.text, "publisher": one.publisher, "until": None if one.until is None else str(one.until)}
        for name, one in register.trusted.items()
    ]
    revoked = [{"key": name, "date": row["date"], "by": row["by"], "reason": row["reason"]} for name, row in register.revoked.items()]
    if as_json:
        print_json({"trusted": trusted, "revoked": revoked})
        return
    for one in trusted:
        say(printable(f"trusted: {one['key']} {one['publisher'] or ''}{' until ' + one['until'] if one['until'] else ''}", 300))
    for row in revoked:
        say(printable(f"revoked on {row['date']} by {row['by']}: {row['key']}: {row['reason']}", 300))
    if not trusted and not revoked:
        say("no key is trusted")


def _decided(by: str | None, reason: str | None) -> tuple[str, str]:
    if not by or not by.strip() or not reason or not reason.strip():
        raise UsageRefused("a decision has a name and a reason", slug="catalogue-decision", suggestion="say --by NAME and --reason TEXT")
    return by, reason


def _today() -> date:
    return datetime.now(UTC).date()
