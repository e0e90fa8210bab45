"""Two tenants, every order of events: no crossing, no illegal transition."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.properties import examples
from vimeo_toolkit import (
    AccountStatus,
    AuthorizationFailed,
    Connection,
    Expired,
    NotConnected,
    Revoked,
    VimeoToolkit,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox

TENANTS = st.sampled_from(["ana", "ben"])
LEGAL = {
    (None, AccountStatus.PENDING),
    (None, AccountStatus.ACTIVE),
    (AccountStatus.PENDING, AccountStatus.ACTIVE),
    (AccountStatus.ACTIVE, AccountStatus.EXPIRED),
    (AccountStatus.ACTIVE, AccountStatus.REVOKED),
    (AccountStatus.EXPIRED, AccountStatus.ACTIVE),
    (AccountStatus.REVOKED, AccountStatus.ACTIVE),
}


class LifeCycle(RuleBasedStateMachine):
    """The model: who should be connected as whom. Each tenant owns the Vimeo user of the same name."""

    def __init__(self) -> None:
        super().__init__()
        self.vimeo = Sandbox(seed_library=False).start()
        self.users = {name: self.vimeo.add_user(name) for name in ("ana", "ben")}
        app = self.vimeo.app
        connection = Connection(
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=app.redirect_uri,
            scopes=["private"],
            api_url=self.vimeo.url,
        )
        self.toolkit = VimeoToolkit([connection], store="sqlite:///:memory:")
        self.seen: dict[str, AccountStatus | None] = {"ana": None, "ben": None}
        self.callbacks: list[tuple[str, str, bool]] = []
        """(URL, tenant who asked, whether it can still work)"""
        self.dead: set[str] = set()
        """Tenants whose token Vimeo no longer accepts."""
        self.connected: set[str] = set()

    def teardown(self) -> None:
        self.toolkit.close()
        self.vimeo.stop()

    @rule(tenant=TENANTS)
    def create(self, tenant: str) -> None:
        self.toolkit.get_or_create_connected_account(identifier=tenant)

    @rule(tenant=TENANTS)
    def ask(self, tenant: str) -> None:
        """The tenant opens a link and allows the access as themselves."""
        link = self.toolkit.get_authorization_link(identifier=tenant).link
        self.callbacks.append((self.vimeo.authorize(link, user=self.users[tenant]), tenant, True))

    @precondition(lambda self: self.callbacks)
    @rule(data=st.data(), tenant=TENANTS)
    def complete(self, data: Any, tenant: str) -> None:
        """Whoever is logged in brings any callback, old or new, their own or not."""
        place = data.draw(st.integers(0, len(self.callbacks) - 1))
        url, asked, new = self.callbacks[place]
        self.callbacks[place] = (url, asked, False)
        try:
            self.toolkit.complete_authorization(url, identifier=tenant)
        except AuthorizationFailed:
            assert not new or asked != tenant
        else:
            assert new
            assert asked == tenant
            self.connected.add(tenant)
            self.dead.discard(tenant)

    @rule(tenant=TENANTS)
    def bring_a_token(self, tenant: str) -> None:
        token = self.vimeo.issue_token(self.users[tenant], scopes=["public", "private"])
        self.toolkit.import_token(identifier=tenant, access_token=token.access_token)
        self.connected.add(tenant)
        self.dead.discard(tenant)

    @rule(tenant=TENANTS)
    def bring_the_others_token(self, tenant: str) -> None:
        """Refused for whoever is known as somebody else."""
        if tenant not in self.connected:
            return
        other = "ben" if tenant == "ana" else "ana"
        token = self.vimeo.issue_token(self.users[other], scopes=["public", "private"])
        try:
            self.toolkit.import_token(identifier=tenant, access_token=token.access_token)
        except AuthorizationFailed as refused:
            assert "different Vimeo account" in str(refused)  # noqa: PT017 - one of two outcomes
        else:
            raise AssertionError("a foreign account was taken")

    @rule(tenant=TENANTS)
    def revoke_at_vimeo(self, tenant: str) -> None:
        self.vimeo.revoke_all(self.users[tenant])
        if tenant in self.connected:
            self.dead.add(tenant)

    @rule(tenant=TENANTS)
    def let_it_expire(self, tenant: str) -> None:
        """At Vimeo too: the toolkit does not end an account by its own clock alone."""
        for token in self.vimeo.world.tokens.values():
            if token.user is self.users[tenant]:
                token.expires = self.vimeo.clock.seconds() - 1
        try:
            run_sync(
                self.toolkit._context.vault.update(
                    self.toolkit._blocking,
                    Identity("vimeo", tenant),
                    lambda record: record.replace(expires_at=1.0) if record.access_token else None,
                )
            )
        except NotConnected:
            return
        if tenant in self.connected:
            self.dead.add(tenant)

    @rule(tenant=TENANTS)
    def call(self, tenant: str) -> None:
        try:
            me = self.toolkit.execute_tool(identifier=tenant, tool_name="vimeo_me_get")
        except NotConnected:
            assert tenant not in self.connected
        except (Revoked, Expired):
            assert tenant in self.dead
        else:
            assert tenant in self.connected - self.dead
            assert me["uri"] == self.users[tenant].uri

    @rule(tenant=TENANTS)
    def disconnect(self, tenant: str) -> None:
        self.toolkit.delete_connected_account(identifier=tenant)
        self.seen[tenant] = None
        self.connected.discard(tenant)
        self.dead.discard(tenant)
        self.callbacks = [(url, asked, new and asked != tenant) for url, asked, new in self.callbacks]

    @invariant()
    def nobody_is_somebody_else(self) -> None:
        accounts = {account.identifier: account for account in self.toolkit.list_connected_accounts()}
        for tenant, user in self.users.items():
            account = accounts.get(tenant)
            if account is None:
                self.seen[tenant] = None
                continue
            assert account.vimeo_uri in (None, user.uri)
            before, now = self.seen[tenant], account.status
            assert before is now or (before, now) in LEGAL
            self.seen[tenant] = now


LifeCycle.TestCase.settings = settings(examples(15, 200), stateful_step_count=30)
TestLifeCycle = LifeCycle.TestCase
