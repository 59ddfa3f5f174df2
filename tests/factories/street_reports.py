"""Street lights, grids, and reports about them."""

import uuid

import factory
from django.utils import timezone

from stockport.outbox.models import Delivery, Destination
from stockport.references import new_reference
from street_reports.models import (
    ApiKey,
    Asset,
    Choice,
    Contact,
    Draft,
    FaultType,
    Follower,
    Kind,
    Photo,
    Question,
    Report,
    Unconfirmed,
    Update,
)
from street_reports.models.api_keys import digest
from street_reports.workflow import UNEXPLAINED, Status
from tests.factories.accounts import ResidentFactory


class AssetFactory(factory.django.DjangoModelFactory[Asset]):
    """A reportable street light on Ashfield Road; `grid=True` makes it a grid."""

    class Meta:
        model = Asset

    class Params:
        grid = factory.Trait(kind=Kind.GRID, feature_id="")

    kind = Kind.STREET_LIGHT
    central_asset_id = factory.Sequence(lambda n: f"{100000 + n}")
    site_code = "38400123"
    feature_id = factory.Sequence(lambda n: f"{n + 1:03}")
    street = "Ashfield Road"
    postcode = "SK3 8UD"
    location_description = factory.Sequence(lambda n: f"Outside number {n + 1}")
    easting = 389430
    northing = 389344
    latitude = 53.4000
    longitude = -2.1600


class FaultTypeFactory(factory.django.DjangoModelFactory[FaultType]):
    """The fault of a light that is out, as the first migration made it."""

    class Meta:
        model = FaultType
        django_get_or_create = ("code",)

    kind = Kind.STREET_LIGHT
    code = "light-out"
    name = "It is not working"


class DestinationFactory(factory.django.DjangoModelFactory[Destination]):
    """The lighting team's back office."""

    class Meta:
        model = Destination
        django_get_or_create = ("slug",)

    slug = "street-lighting"
    name = "street lighting team"
    connector = Destination.Connector.OPEN311
    endpoint = "http://127.0.0.1:1/"


class QuestionFactory(factory.django.DjangoModelFactory[Question]):
    """A question about every fault of street lights; `choices=["Yes", "No"]` makes it a list."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    kind = Kind.STREET_LIGHT
    text = factory.Sequence(lambda n: f"Is it number {n}?")
    position = 100

    @factory.post_generation
    def choices(self, create, texts, **kwargs):
        for position, text in enumerate(texts or ()):
            Choice.objects.create(question=self, text=text, position=position)


class ReportDeliveryFactory(factory.django.DjangoModelFactory[Delivery]):
    """A report on its way to the lighting team."""

    class Meta:
        model = Delivery

    destination = factory.SubFactory(DestinationFactory)
    kind = "street_report"
    payload = factory.LazyFunction(dict)


class ReportFactory(factory.django.DjangoModelFactory[Report]):
    """A light that is out, just received; `asset=None` makes it one that is not listed."""

    class Meta:
        model = Report

    reference = factory.LazyFunction(lambda: new_reference("SL"))
    resident = factory.SubFactory(ResidentFactory)
    kind = Kind.STREET_LIGHT
    fault = factory.SubFactory(FaultTypeFactory)
    asset = factory.SubFactory(AssetFactory)
    location = "Outside number 12, Ashfield Road, SK3 8UD"
    # What has ended has a reason; nobody has said a better one.
    closure_reason_id = factory.LazyAttribute(lambda report: UNEXPLAINED.get(report.status))
    status = Status.RECEIVED
    delivery = factory.SubFactory(
        ReportDeliveryFactory,
        reference=factory.SelfAttribute("..reference"),
        resident=factory.SelfAttribute("..resident"),
    )
    destination = factory.SelfAttribute("delivery.destination")


class DraftFactory(factory.django.DjangoModelFactory[Draft]):
    """A report that a resident has begun: a light, somewhere on Ashfield Road."""

    class Meta:
        model = Draft

    resident = factory.SubFactory(ResidentFactory)
    key = factory.LazyFunction(uuid.uuid4)
    answers = factory.LazyFunction(
        lambda: {"kind": "kind=street_light", "danger": "danger=no", "find": "q=Ashfield+Road"}
    )


class FollowerFactory(factory.django.DjangoModelFactory[Follower]):
    """Somebody else who met the fault."""

    class Meta:
        model = Follower

    report = factory.SubFactory(ReportFactory)
    resident = factory.SubFactory(ResidentFactory)


class ContactFactory(factory.django.DjangoModelFactory[Contact]):
    """Somebody without an account, who follows a report; or made one (`is_reporter=True`)."""

    class Meta:
        model = Contact

    report = factory.SubFactory(
        ReportFactory,
        resident=factory.Maybe("..is_reporter", None, factory.SubFactory(ResidentFactory)),
    )
    email = factory.Sequence(lambda n: f"visitor{n}@example.org")
    is_reporter = False


class UnconfirmedFactory(factory.django.DjangoModelFactory[Unconfirmed]):
    """A report that waits for its e-mail address to be confirmed."""

    class Meta:
        model = Unconfirmed

    form_token = factory.LazyFunction(uuid.uuid4)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    email = factory.Sequence(lambda n: f"visitor{n}@example.org")
    fault = factory.SubFactory(FaultTypeFactory)
    asset = factory.SubFactory(AssetFactory)
    location = "Outside number 12, Ashfield Road, SK3 8UD"
    delivery = factory.SubFactory(
        ReportDeliveryFactory,
        kind="email",
        destination=factory.LazyFunction(lambda: Destination.objects.get(slug="email")),
    )


class UpdateFactory(factory.django.DjangoModelFactory[Update]):
    class Meta:
        model = Update

    report = factory.SubFactory(ReportFactory)
    update_id = factory.Sequence(lambda n: f"U{n}")
    status = "accepted"
    text = "An engineer will look at it."
    updated_at = factory.LazyFunction(timezone.now)


class PhotoFactory(factory.django.DjangoModelFactory[Photo]):
    """A photo of a form that was not sent yet; the file is one small JPEG."""

    class Meta:
        model = Photo

    resident = factory.SubFactory(ResidentFactory)
    position = factory.Sequence(lambda n: n % 3 + 1)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    size = 700
    file = factory.django.ImageField(filename="light.jpg", format="JPEG", color="blue")
    width = 100
    height = 100


class ApiKeyFactory(factory.django.DjangoModelFactory[ApiKey]):
    """The key of FixMyStreet, “fixmystreet.secret”."""

    class Meta:
        model = ApiKey
        django_get_or_create = ("prefix",)

    owner = "FixMyStreet"
    contact = "fixmystreet@example.org"
    prefix = "fixmystreet"
    digest = digest("secret")
