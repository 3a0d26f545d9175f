"""A comparison from its proposal to what it found.

```
asking:     propose → approve by another (writes the offer) → finish with the answer
answering:  receive the offer → approve by another (writes the answer)
```

The provider that asks learns who crosses; the one that answers learns nothing,
and asks in a comparison of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from sluicegate.core.calendars import legal_day
from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.joint_compute import (
    Joint,
    Terms,
    TermsError,
    answering_elements,
    asking_elements,
    joint_compute,
)
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.exchange.inputs import Inputs, filled_up
from sluicegate.services.exchange.kept_offers import KeptOffer
from sluicegate.services.exchange.messages import (
    Answer,
    Basis,
    Offer,
    message_digest,
    terms_document,
    terms_of,
)
from sluicegate.services.ports.exchange import (
    ExchangeKeys,
    Intersection,
    JointKept,
    SessionSide,
    SessionState,
    SessionVersion,
)

MOST_LEVELS = 1024
MOST_ELEMENTS = 1 << 20
"""Sizes above which a partner's offer would keep the node at work for minutes."""

LEVELS = 64
ELEMENTS = 16_384
"""Steps of the threshold and the size of a set, unless the asking provider says otherwise."""

_ACT = "exchange"


class ExchangeRefusedError(RuntimeError):
    """A comparison that may not go on as asked; why, and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


@dataclass(frozen=True)
class Exchange:
    """What the acts of a comparison need, as one argument.

    `name` is what this provider is called in comparisons, `partners` with whom
    it compares, `threshold` the FLOP of its own rules.
    """

    desk: Desk
    keys: ExchangeKeys
    name: str
    partners: Sequence[str]
    threshold: int

    def propose(self, partner: str, as_of: date, basis: Basis, **sizes: int) -> SessionVersion:
        """Propose to ask a partner who crosses together up to a day; a second person approves.

        Raises:
            ExchangeRefusedError: the partner is not known, or was asked today.
            TermsError: sizes that do not fit.
            RefusedError: the principal may not.
        """
        self.desk.must(Action.EXCHANGE_PROPOSE)
        self._need_partner(partner)
        at = self.desk.now()
        self._need_rest(partner, SessionSide.ASKING, at)
        terms = Terms(
            session=str(uuid7(at)),
            asking=self.name,
            answering=partner,
            threshold=self.threshold,
            as_of=as_of,
            levels=sizes.get("levels", LEVELS),
            elements=sizes.get("elements", ELEMENTS),
        )
        _need_bounds(terms)
        return self._begin(terms, SessionSide.ASKING, partner, basis, "")

    def receive(self, offer: Offer, basis: Basis) -> SessionVersion:
        """Take a partner's offer in, to be answered when a second person approves.

        Raises:
            ExchangeRefusedError: it is for another provider, of an unknown one, under
                another threshold, seen before, or the partner asked today.
            RefusedError: the principal may not.
        """
        self.desk.must(Action.EXCHANGE_PROPOSE)
        terms = offer.terms
        self._need_partner(terms.asking)
        _need_bounds(terms)
        if terms.answering != self.name:
            raise ExchangeRefusedError(
                say(
                    "The offer is for {other}, and this node is {name}.",
                    other=terms.answering,
                    name=self.name,
                )
            )
        if terms.threshold != self.threshold:
            raise ExchangeRefusedError(
                say(
                    "The offer compares with {asked:sci} FLOP, and the threshold of this node is"
                    " {own:sci} FLOP; agree on one.",
                    asked=terms.threshold,
                    own=self.threshold,
                )
            )
        if self.desk.store.exchange.session(terms.session) is not None:
            raise ExchangeRefusedError(
                say(
                    "Comparison {session}: this offer was taken in before; ask for a new one.",
                    session=terms.session,
                )
            )
        self._need_rest(terms.asking, SessionSide.ANSWERING, self.desk.now())
        return self._begin(terms, SessionSide.ANSWERING, terms.asking, basis, message_digest(offer))

    def awaiting(self, session: str, offer: Offer | None = None) -> SessionVersion:
        """Return a comparison that this principal may approve now; to answer, with its offer.

        Raises:
            ExchangeRefusedError: it waits for no approval, or the offer is another.
            NotFoundError, RefusedError: no such comparison, or the principal may not.
        """
        side = self._found(session).side
        standing, _ = self._waiting(session, side)
        if side is SessionSide.ANSWERING:
            self._need_same(standing, offer)
        return standing

    def offer(self, session: str, inputs: Inputs, intersection: Intersection) -> Offer:
        """Approve a proposal to ask, and write the offer; whoever proposed it may not.

        Raises:
            ExchangeRefusedError: the session does not wait for this.
            TermsError: the agreed size does not hold what the node has.
            NotFoundError, RefusedError: no such session, or the principal may not.
        """
        standing, terms = self._waiting(session, SessionSide.ASKING)
        elements = filled_up(terms, asking_elements(terms, inputs.compute, inputs.identifiers))
        asked = intersection.ask([one.text(terms) for one in elements])
        offer = Offer(terms, _basis(standing), asked.request)
        kept = KeptOffer(asked.key, elements, inputs.compute).content()
        self.keys.keep(self.desk.principal.tenant, session, kept)
        self._approve(standing, SessionState.OFFERED, message_digest(offer))
        return offer

    def answer(
        self, session: str, offer: Offer, inputs: Inputs, intersection: Intersection
    ) -> Answer:
        """Approve the answer to an offer that was taken in, and write it.

        Raises:
            ExchangeRefusedError: the session does not wait for this, or the offer
                is not the one that was taken in.
            UnreadableMessageError: the offer's request is none.
            TermsError: the agreed size does not hold what the node has.
            NotFoundError, RefusedError: no such session, or the principal may not.
        """
        standing, terms = self._waiting(session, SessionSide.ANSWERING)
        self._need_same(standing, offer)
        elements = filled_up(terms, answering_elements(terms, inputs.compute, inputs.identifiers))
        texts = [one.text(terms) for one in elements]
        answered = intersection.answer(offer.request, texts, terms.elements)
        answer = Answer(terms, _basis(standing), standing.message, answered)
        self._approve(standing, SessionState.ANSWERED, message_digest(answer))
        return answer

    def finish(self, session: str, answer: Answer, intersection: Intersection) -> Sequence[Joint]:
        """Read the answer to an offer: who crosses together. The key is forgotten.

        Raises:
            ExchangeRefusedError: the session waits for no answer, or for another.
            UnreadableMessageError: it is no answer.
            NotFoundError, RefusedError: no such session, or the principal may not.
        """
        self.desk.must(Action.EXCHANGE_PROPOSE)
        standing = self._found(session)
        terms = terms_of(standing.terms)
        if standing.state is not SessionState.OFFERED:
            raise ExchangeRefusedError(
                say("Comparison {session}: it waits for no answer.", session=session)
            )
        if answer.terms != terms or answer.offer != standing.message:
            raise ExchangeRefusedError(
                say(
                    "Comparison {session}: the answer is to another offer; ask for the right one.",
                    session=session,
                )
            )
        content = self.keys.find(self.desk.principal.tenant, session)
        if content is None:
            raise ExchangeRefusedError(
                say(
                    "Comparison {session}: the key of its offer is not in this node;"
                    " withdraw it and propose again.",
                    session=session,
                )
            )
        kept = KeptOffer.of(content)
        places = intersection.common(kept.key, len(kept.elements), answer.answered)
        common = [kept.elements[place] for place in places]
        joint = joint_compute(terms, [one for one in common if one.party], kept.compute)
        found = [
            JointKept(session, one.party, standing.partner, Fraction(one.own), one.other_low)
            for one in joint
        ]
        at = self.desk.now()
        with self.desk.store.transaction():
            self.desk.store.exchange.add_found(found, at=at, by=self.desk.principal.id)
            said = replace(standing, message=message_digest(answer))
            self._step(said, SessionState.FINISHED, found=len(found))
        self.keys.forget(self.desk.principal.tenant, session)
        return joint

    def withdraw(self, session: str, reason: str) -> SessionVersion:
        """End a comparison that is not finished; what was blinded for it is forgotten.

        Raises:
            ExchangeRefusedError: it is over, or no reason is given.
            NotFoundError, RefusedError: no such session, or the principal may not.
        """
        self.desk.must(Action.EXCHANGE_PROPOSE)
        standing = self._found(session)
        if standing.state not in (SessionState.PROPOSED, SessionState.OFFERED):
            raise ExchangeRefusedError(say("Comparison {session}: it is over.", session=session))
        if not reason.strip():
            raise ExchangeRefusedError(say("Say why it is withdrawn; a reason is needed."))
        after = self._step(replace(standing, reason=reason.strip()), SessionState.WITHDRAWN)
        self.keys.forget(self.desk.principal.tenant, session)
        return after

    def _begin(
        self, terms: Terms, side: SessionSide, partner: str, basis: Basis, message: str
    ) -> SessionVersion:
        at = self.desk.now()
        first = SessionVersion(
            session=terms.session,
            version=1,
            side=side,
            state=SessionState.PROPOSED,
            partner=partner,
            terms=terms_document(terms),
            basis=basis.text.strip(),
            reference=basis.reference.strip(),
            proposed_by=self.desk.principal.id,
            approved_by="",
            message=message,
            reason="",
            at=at,
            by=self.desk.principal.id,
        )
        self._write(first)
        return first

    def _approve(self, standing: SessionVersion, state: SessionState, message: str) -> None:
        approved = replace(standing, approved_by=self.desk.principal.id, message=message)
        self._step(approved, state)

    def _step(self, said: SessionVersion, state: SessionState, *, found: int = 0) -> SessionVersion:
        after = replace(
            said,
            version=said.version + 1,
            state=state,
            at=self.desk.now(),
            by=self.desk.principal.id,
        )
        self._write(after, found)
        return after

    def _write(self, version: SessionVersion, found: int = 0) -> None:
        """Write a version with its act: ids and counts, no names of customers."""
        record = {
            "session": version.session,
            "version": version.version,
            "side": version.side.value,
            "state": version.state.value,
            "partner": version.partner,
            "terms": str(version.terms["digest"]),
            "message": version.message,
            "found": found,
        }
        store = self.desk.store
        with store.transaction():
            store.exchange.add(version)
            store.act(_ACT, record, at=version.at, by=version.by, reason=_ACT)

    def _found(self, session: str) -> SessionVersion:
        standing = self.desk.store.exchange.session(session)
        if standing is None:
            raise NotFoundError("exchange", session)
        return standing

    def _waiting(self, session: str, side: SessionSide) -> tuple[SessionVersion, Terms]:
        standing = self._found(session)
        tenant = self.desk.principal.tenant
        self.desk.must(
            Action.EXCHANGE_APPROVE,
            Resource("exchange", tenant, id=session, maker=standing.proposed_by),
        )
        if standing.state is not SessionState.PROPOSED or standing.side is not side:
            raise ExchangeRefusedError(
                say("Comparison {session}: it does not wait for this approval.", session=session)
            )
        return standing, terms_of(standing.terms)

    def _need_same(self, standing: SessionVersion, offer: Offer | None) -> None:
        if offer is None or message_digest(offer) != standing.message:
            raise ExchangeRefusedError(
                say(
                    "Comparison {session}: this is not the offer that was taken in; give that one.",
                    session=standing.session,
                )
            )

    def _need_partner(self, partner: str) -> None:
        if not self.name:
            raise ExchangeRefusedError(
                say("This node has no name for comparisons; set exchange.name in sluicegate.toml.")
            )
        if partner not in self.partners:
            raise ExchangeRefusedError(
                say(
                    "{partner} is no partner of this node; add it to exchange.partners in"
                    " sluicegate.toml once an agreement with it is signed.",
                    partner=partner,
                )
            )

    def _need_rest(self, partner: str, side: SessionSide, at: datetime) -> None:
        """Refuse a second comparison on one day: each lets a partner guess once more."""
        for one in self.desk.store.exchange.sessions():
            same = one.partner == partner and one.side is side
            if same and one.state is not SessionState.WITHDRAWN and _begun(one) == legal_day(at):
                raise ExchangeRefusedError(
                    say(
                        "Comparison {session} with {partner} is of today; one a day is compared.",
                        session=one.session,
                        partner=partner,
                    )
                )


def _need_bounds(terms: Terms) -> None:
    if terms.levels > MOST_LEVELS or terms.elements > MOST_ELEMENTS:
        raise TermsError(
            "elements" if terms.elements > MOST_ELEMENTS else "levels",
            say(
                "{levels} steps and {elements} elements are too many; give up to {most_levels}"
                " and {most_elements}.",
                levels=terms.levels,
                elements=terms.elements,
                most_levels=MOST_LEVELS,
                most_elements=MOST_ELEMENTS,
            ),
        )


def _begun(version: SessionVersion) -> date:
    return legal_day(version.at)


def _basis(standing: SessionVersion) -> Basis:
    return Basis(standing.basis, standing.reference)
