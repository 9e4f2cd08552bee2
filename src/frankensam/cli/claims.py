"""``frankensam claims``: what documents say, looked at by people: list, show, queue, accept, reject, edit, undo, history."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import note, print_json, problem_as_json, say
from frankensam.cli.run import progress_bar
from frankensam.errors import (
    EXIT_ANSWER_IS_NO,
    EXIT_DONE_IN_PART,
    InputRefused,
    Place,
    Problem,
    UsageRefused,
    printable,
)

if TYPE_CHECKING:
    from frankensam.claims.review.edits import EditedValue
    from frankensam.claims.review.listing import ClaimFilters
    from frankensam.claims.review.weights import StudyWeights
    from frankensam.claims.store import Extracted, Unread
    from frankensam.errors import StoreDamaged
    from frankensam.news.archive import Archive

ARCHIVE_HELP = "The archive. Default: frankensam/archive.db in $XDG_DATA_HOME or ~/.local/share."
ArchiveOption = Annotated[Path | None, typer.Option("--archive", metavar="FILE", help=ARCHIVE_HELP)]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Claims, by id or by the first six or more digits of it.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", envvar="FRANKENSAM_REVIEWER", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the command line."""
    group = typer.Typer(
        help="Claims of the archive's documents and what people decided about them. Nothing is ever overwritten.",
        no_args_is_help=True, rich_markup_mode=None,
    )
    for name, command in (("extract", extract), ("list", list_), ("show", show), ("queue", queue), ("accept", accept), ("reject", reject),
                          ("edit", edit), ("undo", undo), ("history", history)):
        group.command(name)(command)
    app.add_typer(group, name="claims")


def extract(
    archive: ArchiveOption = None,
    again: Annotated[bool, typer.Option("--again", help="Read all documents, not only those that these rules have not read.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read stored documents for claims: those not read yet, or read by older rules or word lists.

    'claims list', 'claims queue' and 'search --system' read by themselves what nothing has read yet. Adds what is new;
    a claim that is no longer found stays, marked. Exit code 3: some documents are damaged.
    """
    from frankensam.claims.store import Unread

    damaged: list[Problem] = []
    documents = new = known = lost = 0
    with _opened(archive) as opened:
        for item in _read_documents(opened, Unread.ANY if again else Unread.NOT_BY_THIS):
            if isinstance(item, Problem):
                damaged.append(item)
                continue
            documents, new, known, lost = documents + 1, new + item.new, known + item.known, lost + item.lost
    if as_json:
        print_json({"documents": documents, "new": new, "known": known, "not_found_again": lost,
                    "damaged": [problem_as_json(problem) for problem in damaged]})
    else:
        for problem in damaged:
            note(str(problem))
        say(f"{documents} documents read: {new} claims new, {known} known, {lost} not found again; {len(damaged)} documents damaged")
    if damaged:
        raise typer.Exit(EXIT_DONE_IN_PART)


def list_(
    archive: ArchiveOption = None,
    claim_type: Annotated[str | None, typer.Option("--type", help="Only claims of this type (pairing, delivery, …).")] = None,
    system: Annotated[str | None, typer.Option(help="Only claims that name this system, in any spelling.")] = None,
    language: Annotated[str | None, typer.Option(help="Only documents in this language (en, uk, …).")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only documents of outlets with these words in their name.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or earlier.")] = None,
    story: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only documents of this story.")] = None,
    review: Annotated[str | None, typer.Option(help="undecided, accepted or rejected.")] = None,
    record: Annotated[str | None, typer.Option(metavar="NAME", help="Only this record (file name) or document (id).")] = None,
    limit: Annotated[int, typer.Option(help="Claims shown at most.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="ID", help="Go on after this claim, the last of the page before.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """List claims in the order they were stored, a page at a time.

    Documents that nothing has read for claims yet are read first.

    Exit code 0: there are some; 1: none; 3: some were changed outside the tool and are left out.
    """
    from frankensam.claims.review.listing import list_claims
    from frankensam.cli.claims_shown import claim_as_json, counted, say_listed

    filters = _filters(claim_type, system, language, outlet, since, until, story, review, record)
    read_unread(archive)
    with _opened_for_reading(archive) as opened:
        page = list_claims(opened, filters, limit=limit, after=after)
    if as_json:
        print_json({"matched": page.matched, "claims": [claim_as_json(claim) for claim in page.claims], "next_after": page.next_after})
    else:
        for claim in page.claims:
            say_listed(claim)
        going_on = f"; go on with --after {page.next_after[:12]}" if page.next_after else ""
        say(counted(page.matched, "claim") + (f", {len(page.claims)} shown{going_on}" if len(page.claims) < page.matched else ""))
    _end(page.damaged, any_shown=bool(page.claims))


def show(ids: Ids, archive: ArchiveOption = None, as_json: JsonFlag = False) -> None:
    """Show claims whole: quote in its surroundings, every field as said and as edited, document, flags, decisions."""
    from frankensam.catalogue import load_catalogue
    from frankensam.catalogue.held import held_values
    from frankensam.claims.review.decisions import claim_numbers
    from frankensam.claims.review.flags import flags_of_claims
    from frankensam.claims.review.listing import listed_claims
    from frankensam.cli.claims_shown import claim_as_json, say_whole

    with _opened_for_reading(archive) as opened:
        numbers = claim_numbers(opened, ids)
        with opened.reading() as connection:
            listed = listed_claims(connection, numbers)
            flags = flags_of_claims(connection, numbers, held_values(load_catalogue()))
        texts = {}
        for claim in listed:
            document = opened.document(claim.document.document_id)
            texts[claim.document.document_id] = "" if document is None else document.text
    if as_json:
        print_json({"claims": [
            claim_as_json(claim, flags[claim.standing.stored.number], texts[claim.document.document_id]) for claim in listed]})
        return
    for claim in listed:
        say_whole(claim, flags[claim.standing.stored.number], texts[claim.document.document_id])


def queue(
    archive: ArchiveOption = None,
    study: Annotated[Path | None, typer.Option(
        metavar="FILE", help="What matters: a result store, or weights of facts, claims, types and systems as .json or .csv.")] = None,
    limit: Annotated[int, typer.Option(help="Claims shown at most.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """Undecided claims to look at first: contradictory, looking wrong, mattering to a study, new. Each says why.

    Documents that nothing has read for claims yet are read first.

    Exit code 0: there are some; 1: everything is decided; 3: some were changed outside the tool and are left out.
    """
    from frankensam.catalogue import load_catalogue
    from frankensam.catalogue.held import held_values
    from frankensam.claims.review.queue import review_queue
    from frankensam.cli.claims_shown import claim_as_json, say_listed

    catalogue = load_catalogue()
    read_unread(archive)
    with _opened_for_reading(archive) as opened:
        weights = None if study is None else _weights(study, catalogue.facts, opened)
        found = review_queue(opened, held=held_values(catalogue), weights=weights, limit=limit)
    if as_json:
        print_json({"undecided": found.undecided, "queue": [
            claim_as_json(row.listed, row.flags) | {"score": row.score, "reasons": list(row.reasons)} for row in found.rows]})
    else:
        for row in found.rows:
            say_listed(row.listed)
            for reason in row.reasons:
                say(f"    {printable(reason, 300)}")
        say(f"{found.undecided} claims undecided" + (f", {len(found.rows)} shown" if len(found.rows) < found.undecided else ""))
    _end(found.damaged, any_shown=bool(found.rows))


def _end(damaged: tuple[StoreDamaged, ...], *, any_shown: bool) -> None:
    """Tell of claims that were changed outside the tool, and leave with the exit code that belongs to what was shown."""
    for error in damaged:
        note(str(error))
    if damaged:
        raise typer.Exit(EXIT_DONE_IN_PART)
    if not any_shown:
        raise typer.Exit(EXIT_ANSWER_IS_NO)


def accept(ids: Ids, reason: Reason = "", by: By = "", archive: ArchiveOption = None, as_json: JsonFlag = False) -> None:
    """Accept claims as they read now. All are saved, or none where anything is wrong with one."""
    _decide("accept", ids, reason, by, archive, as_json)


def reject(ids: Ids, reason: Reason = "", by: By = "", archive: ArchiveOption = None, as_json: JsonFlag = False) -> None:
    """Reject claims. All are saved, or none where anything is wrong with one."""
    _decide("reject", ids, reason, by, archive, as_json)


def undo(ids: Ids, reason: Reason = "", by: By = "", archive: ArchiveOption = None, as_json: JsonFlag = False) -> None:
    """Take back the latest decision on each claim that is in force; it stays in the history."""
    _decide("undo", ids, reason, by, archive, as_json)


def edit(
    ids: Ids,
    changes: Annotated[list[str] | None, typer.Option(
        "--set", metavar="FIELD=VALUE", help="A field and its new value; FIELD= makes it unknown; lists with ;. Repeatable.")] = None,
    reason: Reason = "", by: By = "", archive: ArchiveOption = None, as_json: JsonFlag = False,
) -> None:
    """Accept claims with corrected fields. What the source said is kept beside what the edit says."""
    from frankensam.claims.review.edits import read_edits, unlisted_names

    values, problems = read_edits(changes or [], Place("--set"))
    if problems:
        raise InputRefused([*problems, *_problems_besides(ids, reason, by, archive)])
    for name in unlisted_names(values):
        note(f"no gazetteer lists '{printable(name)}'; it is kept as written")
    _decide("edit", ids, reason, by, archive, as_json, values)


def _problems_besides(ids: list[str], reason: str, by: str, archive: Path | None) -> list[Problem]:
    """What is wrong with everything but the changes, to be told together with what is wrong with them."""
    from frankensam.claims.review.decisions import claim_numbers, problems_of_signature

    problems = problems_of_signature(by, reason)
    try:
        with _opened_beside(archive, problems) as opened:
            claim_numbers(opened, ids)
    except InputRefused as refused:
        return [*problems, *(problem for problem in refused.problems if problem not in problems)]
    return problems


def _opened_beside(archive: Path | None, problems: list[Problem]) -> Archive:
    """Open an archive for writing; where it cannot be, that is told together with `problems`."""
    from frankensam.news.archive import ArchiveRefused

    try:
        return _opened(archive)
    except ArchiveRefused as refused:
        if not problems:
            raise
        missing = Problem(slug=refused.slug, place=Place("--archive"), rule=str(refused.args[0]), suggestion=refused.suggestion)
        raise InputRefused([*problems, missing]) from refused


def history(ids: Ids, archive: ArchiveOption = None, as_json: JsonFlag = False) -> None:
    """Every decision on claims, in order, also those taken back."""
    from frankensam.claims.review.decisions import claim_numbers, standings
    from frankensam.cli.claims_shown import say_history

    with _opened_for_reading(archive) as opened:
        numbers = claim_numbers(opened, ids)
        with opened.reading() as connection:
            found = standings(connection, numbers)
    if as_json:
        print_json({"claims": [
            {"id": one.stored.claim.claim_id, "review": one.review, "in_force": [decision.decision_id for decision in one.in_force],
             "decisions": [decision.as_json() for decision in one.decisions]} for one in found.values()]})
        return
    for one in found.values():
        say_history(one)


def _decide(
    action: str, ids: list[str], reason: str, by: str, archive: Path | None, as_json: bool, fields: dict[str, EditedValue] | None = None,
) -> None:
    from frankensam.claims.review.decisions import decide, problems_of_signature
    from frankensam.cli.claims_shown import say_new_values

    with _opened_beside(archive, problems_of_signature(by, reason)) as opened:
        after = decide(opened, ids, action, name=by, reason=reason, fields=fields)
    if as_json:
        print_json({"decisions": [one.decisions[-1].as_json() | {"review": one.review} for one in after]})
        return
    for one in after:
        latest = one.decisions[-1]
        changed = f" ({', '.join(one.edited)} edited)" if one.edited else ""
        say(f"{one.stored.claim.claim_id[:12]}  {action} by {printable(latest.name)}: now {one.review}{changed}")
        say_new_values(latest)


def _opened(archive: Path | None) -> Archive:
    """Open an archive for writing, but create none: an empty one would be of no use here."""
    from frankensam.news.archive import Archive, ArchiveRefused, default_archive_path

    path = archive or default_archive_path()
    if not path.exists():
        raise ArchiveRefused(f"there is no archive at {printable(str(path), 200)}", slug="archive-not-found",
                             suggestion="put records into one with: frankensam ingest PATH")
    return Archive.open(path)


def _opened_for_reading(archive: Path | None) -> Archive:
    from frankensam.news.archive import Archive, default_archive_path

    return Archive.open_for_reading(archive or default_archive_path())


def read_unread(archive: Path | None) -> None:
    """Read the documents that nothing has read for claims yet, and say how many were read by older rules or word lists.

    Brings an older archive up to date. Where the archive cannot be written, says what is missing.
    """
    from frankensam.claims.store import Unread, count_unread
    from frankensam.news.archive import ArchiveRefused, ArchiveWriteFailed

    unread = _count_before_migration(archive)
    if unread:
        try:
            with _opened(archive) as opened:
                unread = count_unread(opened, Unread.NEVER)
                if unread:
                    note(f"reading {unread} documents for claims …")
                for item in _read_documents(opened, Unread.NEVER):
                    if isinstance(item, Problem):
                        note(str(item))
        except (ArchiveRefused, ArchiveWriteFailed) as refused:
            note(f"{unread} documents have not been read for claims: {refused}")
    with _opened_for_reading(archive) as opened:
        older = count_unread(opened, Unread.NOT_BY_THIS) - count_unread(opened, Unread.NEVER)
    if older:
        note(f"{older} documents were read by other rules or word lists; read them again with: frankensam claims extract")


def _count_before_migration(archive: Path | None) -> int:
    """Number of documents that nothing has read, or -1 where the archive is too old to say."""
    from frankensam.claims.store import Unread, count_unread
    from frankensam.news.archive import ArchiveRefused

    try:
        with _opened_for_reading(archive) as opened:
            return count_unread(opened, Unread.NEVER)
    except ArchiveRefused as refused:
        if refused.slug != "archive-older":
            raise
        return -1


def _read_documents(opened: Archive, which: Unread) -> Iterator[Extracted | Problem]:
    """Read documents for claims, with a progress bar where somebody watches."""
    from frankensam.claims.store import count_unread, extract_stored

    total = count_unread(opened, which)
    with progress_bar("documents read for claims") as progress:
        for done, item in enumerate(extract_stored(opened, which), start=1):
            if progress is not None:
                progress(done, total)
            yield item


def _filters(
    claim_type: str | None, system: str | None, language: str | None, outlet: str | None, since: str | None, until: str | None,
    story: int | None, review: str | None, record: str | None,
) -> ClaimFilters:
    from frankensam.claims.review.listing import ClaimFilters
    from frankensam.claims.systems import choose_systems
    from frankensam.cli.filters import day, language_code
    from frankensam.glossary import ClaimType, Review

    chosen_type = None if claim_type is None else claim_type.replace(" ", "_")
    if chosen_type is not None:
        _one_of(chosen_type, [word.value for word in ClaimType], "type")
    if review is not None:
        _one_of(review, [word.value for word in Review], "review")
    return ClaimFilters(
        type=chosen_type, system=None if system is None else choose_systems(system), language=language_code(language), outlet=outlet,
        since=day(since), until=day(until), story=story, review=None if review is None else Review(review),
        record=record)


def _one_of(word: str, known: Collection[str], option: str) -> None:
    from frankensam.formats.near import did_you_mean

    if word not in known:
        raise UsageRefused(f"'{printable(word)}' is no {option} of a claim; one of: {', '.join(known)}", slug="claims-filter",
                           suggestion=did_you_mean(word, known))


def _weights(study: Path, facts: Collection[str], archive: Archive) -> StudyWeights:
    """Weights from a result store (a folder) or from a file."""
    from frankensam.claims.review.weights import read_weights, weights_of_study

    if study.is_dir():
        from frankensam.simulation.store import open_store

        return weights_of_study(open_store(study).snapshot["parameters"])
    return read_weights(study, facts, _ClaimIds(archive))


class _ClaimIds(Collection[str]):
    """The ids of the archive's claims, asked one by one."""

    def __init__(self, archive: Archive) -> None:
        self._connection = archive.connection

    def __contains__(self, name: object) -> bool:
        return self._connection.execute("SELECT 1 FROM claims WHERE claim_id = ?", (str(name),)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        return (str(row[0]) for row in self._connection.execute("SELECT claim_id FROM claims"))

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM claims").fetchone()[0])
