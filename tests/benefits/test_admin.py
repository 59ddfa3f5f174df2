"""Staff find claims and cannot change them."""

import pytest
from django.urls import reverse

from tests.factories.accounts import ResidentFactory
from tests.factories.benefits import (
    AwardFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    OverpaymentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "model"),
    [
        (ClaimFactory, "claim"),
        (AwardFactory, "award"),
        (BenefitPaymentFactory, "benefitpayment"),
        (OverpaymentFactory, "overpayment"),
    ],
)
def test_staff_find_rows_by_claim_reference_and_only_look(portal, factory, model):
    row = factory()
    reference = row.reference if model == "claim" else row.claim.reference
    factory()
    portal.sign_in(ResidentFactory(staff=True))
    found = portal.get(reverse(f"admin:benefits_{model}_changelist"), {"q": reference})
    assert found.context["cl"].result_count == 1
    page = reverse(f"admin:benefits_{model}_change", args=[row.pk])
    assert portal.get(page).status_code == 200
    assert portal.post(page, {}).status_code == 403
    assert portal.get(reverse(f"admin:benefits_{model}_add")).status_code == 403
