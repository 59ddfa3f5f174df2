"""A council's benefit claims with years of weekly awards and payments, written by the database."""

from __future__ import annotations

from datetime import date

from django.db import connection

from benefits.models import (
    Award,
    AwardLine,
    BenefitPayment,
    Claim,
    ClaimMember,
    Decision,
    EvidenceRequest,
    Overpayment,
    Recovery,
)

FIRST_MONDAY = date(2021, 11, 29)

PEOPLE = """
    INSERT INTO accounts_person
        (source, reference, title, forenames, surname, postcode, address,
        online_key, phone_last3, bank_last3, ni_number)
    SELECT 'bench', 'B' || n, 'Ms', 'Ada', 'Shaw', 'SK1 3XE', '4 Example Street',
        '', '', '', ''
    FROM generate_series(1, %(claims)s) n
"""
CONFIRMATION = """
    INSERT INTO feeds_confirmation (source, "table", at, is_newest)
    VALUES ('bench', 'claims', now(), true)
"""
CLAIMS = """
    INSERT INTO benefits_claim
        (source, reference, person_id, place_reference, type, status, received, decided, address,
        postcode, tenancy, status_reason, needed, council_tax_account, confirmation_id)
    SELECT 'bench', substr(p.reference, 2), p.id, '1', 'hb', 'current', %(start)s, %(start)s,
        '4 Example Street', 'SK1 3XE', 'council', '', '', '', c.id
    FROM feeds_confirmation c, accounts_person p WHERE p.source = 'bench' AND c.source = 'bench'
"""
AWARDS = """
    INSERT INTO benefits_award (claim_id, kind, start, "end", weekly, reason, year)
    SELECT c.id, 'hb', %(start)s::date + 364 * n,
        CASE WHEN n < %(years)s - 1 THEN %(start)s::date + 364 * n + 363 END,
        100 + n, 'Rents changed.', ''
    FROM benefits_claim c, generate_series(0, %(years)s - 1) n
"""
LINES = """
    INSERT INTO benefits_awardline (award_id, number, part, words, amount)
    SELECT a.id, l.number, l.part, l.words, l.share * a.weekly
    FROM benefits_award a, (VALUES
        (1, 'needs', 'Living costs of one person', 2.0),
        (2, 'income', 'State Pension', 1.8), (3, 'income', 'Private pension', 0.4),
        (4, 'capital', 'Savings', 20.0), (5, 'award', 'Your rent', 1.13),
        (6, 'award', '65p of each £1 of income above what you need', -0.13)
    ) AS l (number, part, words, share)
"""
PAYMENTS = """
    INSERT INTO benefits_benefitpayment
        (claim_id, kind, number, state, paid_on, amount, period_start, period_end, payee,
        destination, adjustment, adjustment_reason)
    SELECT a.claim_id, 'hb', 1 + (week - %(start)s::date) / 7, 'paid', week + 7,
        a.weekly - CASE WHEN week > %(start)s::date + 364 * (%(years)s - 1) THEN 14.40 ELSE 0 END,
        week, week + 6, 'rent_account', '', 0, ''
    FROM benefits_award a, LATERAL (
        SELECT generate_series(a.start, a.start + 363, interval '7 days')::date AS week
    ) weeks
"""
OVERPAYMENTS = """
    INSERT INTO benefits_overpayment
        (claim_id, reference, period_start, period_end, original, recovered, weekly_recovery,
        method, decided, reason, invoice)
    SELECT id, 'OP1', %(start)s, %(start)s::date + 90, 2000, 51 * 14.40, 14.40, 'from_benefit',
        %(start)s, 'Your wages went up.', ''
    FROM benefits_claim
"""
RECOVERIES = """
    INSERT INTO benefits_recovery (overpayment_id, number, taken_on, amount, method, payment_id)
    SELECT o.id, p.number, p.paid_on, 14.40, 'from_benefit', p.id
    FROM benefits_overpayment o JOIN benefits_benefitpayment p ON p.claim_id = o.claim_id
    WHERE p.period_start > %(start)s::date + 364 * (%(years)s - 1)
"""
DECISIONS = """
    INSERT INTO benefits_decision (claim_id, reference, kind, decided, start, weekly, reason)
    SELECT claim_id, 'D' || start, kind, start - 20, start, weekly, reason FROM benefits_award
"""
REQUESTS = """
    INSERT INTO benefits_evidencerequest
        (claim_id, reference, item, why, proofs, asked, state, state_reason)
    SELECT id, 'E1', 'Your bank statements', '', '', %(start)s, 'accepted', ''
    FROM benefits_claim
"""
MEMBERS = """
    INSERT INTO benefits_claimmember
        (claim_id, number, relation, name, person_id, start, may_see)
    SELECT id, 1, 'partner', 'Sam Shaw', lag(person_id) OVER (ORDER BY id), %(start)s, id %% 3 = 0
    FROM benefits_claim
"""
MODELS = (
    *(Claim, ClaimMember, Award, AwardLine, BenefitPayment),
    *(Overpayment, Recovery, Decision, EvidenceRequest),
)


def fill(claims: int, years: int) -> dict[str, int]:
    """So many claims, each with an award a year and a payment a week; gives the rows by table."""
    given: dict[str, int | date] = {"claims": claims, "years": years, "start": FIRST_MONDAY}
    with connection.cursor() as cursor:
        for statement in (
            PEOPLE,
            CONFIRMATION,
            CLAIMS,
            AWARDS,
            LINES,
            PAYMENTS,
            OVERPAYMENTS,
            RECOVERIES,
        ):
            cursor.execute(statement, given)
        for statement in (DECISIONS, REQUESTS, MEMBERS):
            cursor.execute(statement, given)
        cursor.execute("VACUUM ANALYZE")
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in MODELS}
