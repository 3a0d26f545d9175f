"""Long work, webhooks, notices and calendars of a node, joined to its adapters."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Principal, PrincipalKind, Scope
from sluicegate.services.casework.resting import wake_rested
from sluicegate.services.consultation.due_days import due_days
from sluicegate.services.desk import Desk
from sluicegate.services.lists.scheduling import ask_when_due
from sluicegate.services.ports.addresses import CheckedAddress
from sluicegate.services.ports.work import EventKind
from sluicegate.services.screening.scheduling import see_to
from sluicegate.services.settings import Settings
from sluicegate.services.work import webhooks
from sluicegate.services.work.calendar import calendar_entries, feed_of
from sluicegate.services.work.deliveries import (
    WORKER,
    Endurance,
    Sender,
    deliver_due,
    end_old_secrets,
)
from sluicegate.services.work.due import StoreDue
from sluicegate.services.work.notices import (
    Post,
    announce_due,
    remind,
    send_digests,
    send_due_notices,
)
from sluicegate.services.work.people import StoreDirectory
from sluicegate.services.work.running import Bench, run_next
from sluicegate.services.work.sweeping import sweep_jobs
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.addresses import address_policy
from sluicegate.wiring.nodes import OpenNode, actor, opened
from sluicegate.wiring.screening import lists_of
from sluicegate.wiring.works import EXPECTED, work_files, works_of

if TYPE_CHECKING:
    from sluicegate.adapters.store import SqlStore
    from sluicegate.adapters.work.files import WorkFiles
    from sluicegate.adapters.work.process import WorkerHandle
    from sluicegate.adapters.work.secrets import NodeSecrets
    from sluicegate.adapters.work.worker import Round, Stop

REST_SECONDS = 1.0
REMIND_EVERY = timedelta(minutes=15)
SWEEP_EVERY = timedelta(hours=1)


def operator_desk(node: OpenNode) -> Desk:
    """Return the desk of who works at the command line of the node itself."""
    tenant = node.node.settings.tenant
    operator = Principal(actor(), PrincipalKind.OPERATOR, tenant, "", frozenset())
    return Desk(operator, node.store, authority_of(node), node.clock)


def address_check(settings: Settings) -> Callable[[str], CheckedAddress]:
    """Return what refuses addresses that a node must not call, with AddressRefusedError."""
    from sluicegate.adapters.notices.addresses import checked_address

    policy = address_policy(settings)
    return lambda url: checked_address(url, policy)


def secret_box(node: OpenNode) -> NodeSecrets:
    """Return what keeps the secrets of webhooks at rest."""
    from sluicegate.adapters.work.secrets import NodeSecrets

    return NodeSecrets(node.node.folder.keys)


def subscribe(
    desk: Desk,
    node: OpenNode,
    url: str,
    *,
    events: Collection[EventKind] | None = None,
    jurisdictions: Collection[str] | None = None,
) -> webhooks.Subscribed:
    """Add a webhook of a node; see `services.work.webhooks.subscribe`."""
    return webhooks.subscribe(
        desk,
        url,
        events=events,
        jurisdictions=jurisdictions,
        box=secret_box(node),
        check=address_check(node.node.settings),
    )


def rotate_secret(
    desk: Desk, node: OpenNode, webhook_id: str, *, keep_old_hours: int
) -> webhooks.Subscribed:
    """Give a webhook of a node a new secret; see `services.work.webhooks.rotate_secret`."""
    box = secret_box(node)
    return webhooks.rotate_secret(desk, webhook_id, box=box, keep_old_hours=keep_old_hours)


def calendar(
    desk: Desk,
    *,
    is_whole_queue: bool = False,
    language: Language = Language.EN,
    public_url: str | None = None,
    book: RuleBook | None = None,
) -> bytes:
    """Return the due days of the principal's own cases, or of the queue, as iCalendar.

    With `book` the calendar of the queue has the days of consultations and reviews too.
    """
    from sluicegate.adapters.work.ics import calendar_bytes

    due = StoreDue(desk.store, desk.clock)
    found = calendar_entries(desk, due.cases, is_whole_queue=is_whole_queue, language=language)
    if is_whole_queue and book is not None:
        found += due_days(desk, book, language)
    whole, own = say("Sluicegate: due days of the queue"), say("Sluicegate: my due days")
    title = (whole if is_whole_queue else own).text(language)
    return calendar_bytes(found, title=title, public_url=public_url or "")


def calendar_of_feed(node: OpenNode, token: str) -> bytes:
    """Return the calendar behind a feed's secret address, with the owner's present rights.

    Raises:
        NotFoundError: there is no such feed, it was revoked, or its owner is no longer active.
    """
    authority, settings = authority_of(node), node.node.settings
    for store in tenant_stores(node):
        try:
            feed = feed_of(store, token)
        except NotFoundError:
            continue
        directory = StoreDirectory(store, store.tenant)
        owner = directory.principal(feed.account)
        if owner is None:
            break
        return calendar(
            Desk(owner, store, authority, node.clock),
            is_whole_queue=feed.is_whole_queue,
            language=directory.language(feed.account),
            public_url=settings.public_url,
            book=node.book,
        )
    raise NotFoundError("feed", "")


def tenant_stores(node: OpenNode) -> list[SqlStore]:
    """Return the store of each tenant that a node serves, its own first."""
    from sluicegate.adapters.store import SqlStore

    own = node.node.settings.tenant
    others = [TenantId(one) for one in node.node.settings.tenants if one != own]
    return [node.store, *(SqlStore(node.store.engine, one, node.clock) for one in others)]


def start_worker(node: Path) -> WorkerHandle:
    """Start a node's worker as a child process; it is started anew when it dies.

    Call `stop` on what is returned before the parent ends.
    """
    from sluicegate.adapters.work.process import WorkerHandle, worker_command

    return WorkerHandle(worker_command(node)).start()


def work_at(node: Path, *, is_once: bool = False) -> None:
    """Do the long work of a node until told to stop; `is_once` ends when nothing waits.

    Raises NodeError, StoreError or RuleFilesError when the node cannot be used.
    """
    from sluicegate.adapters.work.worker import run_rounds, stop_on_signals

    with stop_on_signals() as stop, opened(node) as open_node:
        run_rounds(rounds_of(open_node, stop), stop, is_once=is_once)


def rounds_of(node: OpenNode, stop: Stop) -> list[Round]:
    """Return what a worker does again and again: jobs, and messages beside them."""
    from sluicegate.adapters.work.worker import Round

    parts = [_Tenant(replace(node, store=store)) for store in tenant_stores(node)]
    benches = [(one.node.store, one.bench(stop)) for one in parts]
    files = work_files(node)

    def jobs() -> bool:
        for one in parts:
            one.sweep(files)
        done = [run_next(store, bench) for store, bench in benches]
        if any(one is not None for one in done):
            return True
        wanted = frozenset[str]().union(*(store.work.wanted_files() for store, _ in benches))
        files.sweep(wanted, node.clock)
        return False

    def messages() -> bool:
        return sum(one.send() for one in parts) > 0

    return [Round("jobs", jobs, REST_SECONDS), Round("messages", messages, REST_SECONDS)]


class _Tenant:
    """One tenant's part of a worker."""

    def __init__(self, node: OpenNode) -> None:
        self.node = node
        self.store = node.store
        settings = node.node.settings
        directory = StoreDirectory(self.store, self.store.tenant)
        self.directory = directory
        self.sender = _sender(node)
        self.post = _post(node, directory)
        self.due = StoreDue(self.store, node.clock)
        self._remind_at = self._sweep_at = node.clock.now()
        self._settings = settings

    def bench(self, stop: Stop) -> Bench:
        """Return what the tenant's jobs are done with."""
        from sluicegate.adapters.work.worker import Heartbeat, worker_name

        worker, settings = worker_name(), self._settings
        lease = timedelta(seconds=settings.job_lease_seconds)
        return Bench(
            worker=worker,
            tenant=self.store.tenant,
            clock=self.node.clock,
            directory=self.directory,
            works=works_of(self.node),
            heartbeat=Heartbeat(self.store, worker, lease, self.node.clock),
            is_stopping=stop.is_set,
            lease=lease,
            attempts=settings.job_attempts,
            expected=EXPECTED,
        )

    def sweep(self, files: WorkFiles) -> None:
        """Remove what was over long ago, now and then."""
        now = self.node.clock.now()
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            keep = timedelta(days=self._settings.job_keep_days)
            sweep_jobs(self.store, self.store.tenant, files.remove_results, keep=keep, now=now)

    def send(self) -> int:
        """Send what is due; return how much it was."""
        clock = self.node.clock
        now = clock.now()
        if now >= self._remind_at:
            self._remind_at = now + REMIND_EVERY
            everything = Scope(self.store.tenant)
            ahead = self._settings.notice_days_ahead
            announce_due(self.store, self.due, everything, now=now, days_ahead=ahead)
            remind(self.store, self.directory, self.due, now=now)
            send_digests(self.store, self.post, self.due, now=now)
            end_old_secrets(self.store, now=now)
            wake_rested(self.store, self.node.book, at=now, by=WORKER)
            ask_when_due(self.store, self.store.tenant, self._settings.lists_fetch, now=now)
            lists = lists_of(self.node.node, self.store, self.node.clock)
            versions, stale = lists.versions(), lists.stale()
            see_to(self.store, self.store.tenant, versions, stale, self._settings, now=now)
        sent = deliver_due(self.store, self.sender, clock)
        return sent + send_due_notices(self.store, self.post, clock)


def _sender(node: OpenNode) -> Sender:
    from sluicegate.adapters.notices.posting import WebhookPoster

    settings = node.node.settings
    return Sender(
        WebhookPoster(address_policy(settings), settings.webhook_timeout_seconds),
        secret_box(node),
        settings.public_url or "",
        Endurance(
            retry=timedelta(days=settings.webhook_retry_days),
            disable=timedelta(days=settings.webhook_disable_days),
        ),
    )


def _post(node: OpenNode, directory: StoreDirectory) -> Post:
    from sluicegate.adapters.notices.smtp import SmtpMailer

    settings = node.node.settings
    mailer = (
        None
        if settings.email is None
        else SmtpMailer(settings.email, settings.email_password, node.clock)
    )
    return Post(mailer, directory, authority_of(node), settings.public_url or "")
