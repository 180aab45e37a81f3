"""`restore`: a backup read beside, merged with what must never go back, put in place. [I/O]"""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from newsletter.config import Config
from newsletter.config.reader import DATABASE_EXAMPLES, DATABASES, read_settings
from newsletter.errors import AttentionError, ConfigError, ServiceError, UsageError
from newsletter.lasting.age_stream import unsealed
from newsletter.lasting.aside import FOLDER, aside_of, at_work, remove
from newsletter.lasting.backup_format import FOLDERS, SECRET_KEYS, SENT, SETTINGS, Head
from newsletter.lasting.read_backup import (
    DamagedBackupError,
    checked,
    damaged,
    issue_of,
    read_secret_keys,
)
from newsletter.lasting.refused_disk import UNCHANGED, disk_refused, is_of_disk
from newsletter.lasting.stage import (
    MARKER,
    WORKSPACE,
    Move,
    begin,
    discard,
    give_up,
    keep_modes,
    move,
    move_beside,
    prepare,
    roll_back,
    stage_of,
    swap,
)
from newsletter.lasting.unpack import Unpacked, Unpacking, WriteRows, unpack
from newsletter.people.left_file import LeftFile
from newsletter.scaffold import GITIGNORE, gitignore
from newsletter.store.new_database import (
    insist_unused,
    shown,
    sides_of,
    sqlite_file,
)
from newsletter.store.schema import HEAD
from newsletter.store.secret_key_marks import marks_in
from newsletter.wiring.key_check import is_key_of, what_keys_lack, written_down
from newsletter.wiring.merge_files import Merging, merge_files
from newsletter.wiring.named_files import insist_on_places
from newsletter.wiring.restore_ahead import PARTS, what_is_ahead, what_is_left
from newsletter.wiring.restore_database import Lost, Target, merge_database, open_target
from newsletter.wiring.restore_options import Restored, RestoreOptions
from newsletter.wiring.restore_settings import DATABASE_URL, settings_here, write_settings
from newsletter.wiring.state_folder import ID, ID_FILE, WHOLE


def restore(path: Path, options: RestoreOptions) -> Restored:
    """Restore the backup at that path.

    When something is raised nothing was changed. Killed, it changed nothing either, or no command
    works here until it was run again.
    """
    return _Restore(path, options).run()


class _Restore:
    """One restore. What of it is made, and not put in place, is removed in the end."""

    def __init__(self, path: Path, options: RestoreOptions) -> None:
        self._path = path
        self._options = options
        self._root = options.root.resolve()
        self._notes: list[str] = []
        self._lost = Lost(is_given_up=options.without_old_database, notes=self._notes)
        self._target: Target | None = None
        self._held = ExitStack()
        self._aside: Path | None = None  # of a database in another folder

    def run(self) -> Restored:
        """Read the backup, merge into it, put it in place."""
        options, root = self._options, self._root
        if options.to and not options.to.startswith(DATABASES):
            raise UsageError(
                f"--to {shown(options.to)}: this database is not supported",
                hint=DATABASE_EXAMPLES,
            )
        with self._held:
            try:
                self._held.enter_context(at_work(root / FOLDER, WORKSPACE))
                roll_back(root)
            except OSError as error:
                raise disk_refused(error, [root]) from error
            return self._alone()

    def _alone(self) -> Restored:
        """Do so, the one restore of this workspace."""
        root = self._root
        was_interrupted = (root / MARKER).exists()  # of a database on a server
        is_in_place = False
        try:
            prepare(root, FOLDERS)
            present = settings_here(root, self._options.environ, self._notes)
            with ExitStack() as stack:
                unpacked = self._unpack(stack, present)
                target = self._checked(unpacked)
                keys = self._keys(unpacked, target)
                moves = self._moves(target)
                begin(root, moves, is_server=target.file is None)
                restored = self._merge(unpacked, target, present, keys)
                keep_modes(root, FOLDERS)
                is_in_place = target.file is None
                target.connection.commit()
            swap(root, moves, is_server=target.file is None)
        except BaseException as error:
            if not is_in_place:
                roll_back(root)
                if not was_interrupted:
                    give_up(root)
            if isinstance(error, DamagedBackupError):
                error.file = str(self._path)
                raise
            cause = error if isinstance(error, OSError) else error.__cause__
            if cause is not None and is_of_disk(cause):
                hint = "until then no command works here" if is_in_place else UNCHANGED
                raise disk_refused(cause, self._written(), hint=hint) from error
            if isinstance(error, DBAPIError):
                reason = str(error.orig).strip().splitlines()[0]
                raise ServiceError(f"the database refused the backup: {reason}") from error
            raise
        finally:
            if not (root / MARKER).exists():
                with suppress(OSError):  # the next command removes it
                    if self._aside is not None:
                        remove(self._aside)
                    discard(root)
        return restored

    def _written(self) -> list[Path]:
        """The folders that it writes in, perhaps on several disks."""
        target = self._target
        folders = [self._root, *(self._root / name for name in FOLDERS)]
        if target is not None:
            folders += [target.config.state, *([target.file.parent] if target.file else [])]
        return [folder.resolve() for folder in folders]

    def _unpack(self, stack: ExitStack, present: Config | None) -> Unpacked:
        def opened(head: Head, settings: bytes) -> WriteRows:
            environ, to = self._options.environ, self._options.to
            with checked(SETTINGS):
                text = settings.decode("utf-8-sig")
            config = read_settings(
                text, self._root, {**environ, DATABASE_URL: to} if to else environ
            )
            insist_on_places(config, present, is_chosen=bool(to or environ.get(DATABASE_URL)))
            self._hold(sqlite_file(config.database_url, self._root))
            self._target = target = stack.enter_context(open_target(config, self._lost))
            self._ask(head, target, present)
            target.advance = self._options.begun(head)
            return target.taking(head)

        unpacking = Unpacking(
            stage=stage_of(self._root),
            schema=HEAD,
            open_target=opened,
        )
        with unsealed(self._path, self._options.openers) as stream:
            return unpack(stream, unpacking)

    def _hold(self, file: Path | None) -> None:
        """Be the only one who restores into that database too."""
        if file is not None and (aside := aside_of(file, self._root)) != self._root / FOLDER:
            self._held.enter_context(at_work(aside, str(file)))
            self._aside = aside

    def _ask(self, head: Head, target: Target, present: Config | None) -> None:
        ahead = what_is_ahead(head, target, present, self._root)
        if ahead is not None:
            self._options.ask(ahead)

    def _checked(self, unpacked: Unpacked) -> Target:
        """The database, filled and as the program wants it."""
        target = self._target
        if target is None:
            raise damaged()
        here, coming = self._root / ID_FILE, stage_of(self._root) / ID_FILE
        if here.is_file() and coming.is_file() and here.read_bytes() != coming.read_bytes():
            raise AttentionError(
                "this is the backup of another digest than the one in this folder",
                hint="restore it into an empty folder: newsletter -w FOLDER restore FILE",
            )
        target.verify(unpacked.head)
        target.bring_up(unpacked.head)
        write_settings(unpacked.settings, stage_of(self._root), self._options, self._notes)
        return target

    def _keys(self, unpacked: Unpacked, target: Target) -> tuple[str, ...]:
        """The secret keys: of the environment, else of the backup. ConfigError when they are not
        those that the workspace was used with."""
        keys = target.config.secrets.keys or _backed_up_keys(unpacked)
        marks = marks_in(target.connection) or written_down(stage_of(self._root))
        if keys and not is_key_of(marks, keys):
            raise ConfigError(
                "NEWSLETTER_SECRET_KEY is not the key that this backup was made with",
                hint="set the key that you kept; if it was changed since, put the old one in "
                "NEWSLETTER_OLDER_SECRET_KEYS",
            )
        return keys

    def _moves(self, target: Target) -> list[Move]:
        """All that is renamed. The settings come last: without them there is no workspace."""
        moves = [move(self._root, name) for name in reversed(PARTS)]
        if not (self._root / GITIGNORE).exists():  # no backup has one, and what is here stays
            (stage_of(self._root) / GITIGNORE).write_bytes(gitignore())
            moves.append(move(self._root, GITIGNORE))
        if target.file is not None:
            file, root = target.file, self._root
            moves[:0] = (move_beside(one, root, by=file) for one in (file, *sides_of(file)))
        return sorted(moves, key=lambda one: one.to.name == SETTINGS)

    def _merge(
        self, unpacked: Unpacked, target: Target, present: Config | None, keys: Sequence[str]
    ) -> Restored:
        made_at = unpacked.head.made_at
        source = sqlite_file(present.database_url, self._root) if present else None
        for file in {file for file in (target.file, source) if file}:
            insist_unused(file)
        state = self._state(target.config)
        is_remembered = (state / WHOLE).is_file()
        who_left = LeftFile(lambda: state)
        database = merge_database(
            target,
            present,
            who_left,
            keys,
            unpacked.head,
            now=self._options.now,
            lost=self._lost,
        )
        with checked("an issue that was sent"):
            put_back = {issue_of(f"{SENT}{one}.json"): made_at for one in database.put_back}
        if not (database.had_before or is_remembered):
            self._notes.append(
                "nothing here knows who left or what was sent after the backup: if you do, tell it "
                "before the next send (newsletter subscribers erase, bounces read, send --cancel)"
            )
        lack = what_keys_lack(marks_in(target.connection), keys, who_left.untestable(keys))
        self._notes += what_is_left(target, present)
        files = merge_files(
            Merging(
                root=self._root,
                stage=stage_of(self._root),
                state=state,
                config=target.config,
                present=present,
                parts=unpacked.parts,
                revocations=database.revocations,
                put_back=put_back,
                unfinished=database.unfinished,
            )
        )
        return Restored(
            made_at=made_at,
            database=shown(target.config.database_url),
            rows=unpacked.head.rows,
            files=unpacked.sums.files,
            withdrawals=files.withdrawals,
            kept_out=database.kept_out,
            notices_dropped=database.notices_dropped,
            uncertain=database.uncertain,
            put_back=files.put_back,
            notes=(*self._notes, *files.notes),
            keys_lack=lack if keys else "",
            secret_keys=_backed_up_keys(unpacked),
        )

    def _state(self, config: Config) -> Path:
        """The state folder of the digest that is restored."""
        file = stage_of(self._root) / ID_FILE
        with checked(ID_FILE):
            name = file.read_text(encoding="ascii").strip() if file.is_file() else ""
        if not ID.fullmatch(name):
            raise damaged(ID_FILE)
        return config.state / name


def _backed_up_keys(unpacked: Unpacked) -> tuple[str, ...]:
    part = unpacked.parts.get(SECRET_KEYS)
    return read_secret_keys(part.data) if part else ()
