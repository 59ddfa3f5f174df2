from django.db import migrations

# What English councils ask about lights and grids. What is dangerous is not here: residents are
# asked about danger first, and told to phone.
FAULTS = {
    "street_light": [
        ("light-out", "It is not working", "The light stays off after dark."),
        ("light-several-out", "Several lights in a row are not working", "Choose one of them."),
        ("light-flickering", "It flickers or goes on and off", ""),
        ("light-dim", "It is dim", ""),
        ("light-day", "It is on all day", "It was on in daylight for 2 days or more."),
        ("light-glare", "It shines into a home", ""),
        ("light-damaged", "It is damaged, but not dangerous", "For example, a cracked lamp cover."),
        ("light-hidden", "A tree or bush hides the light", ""),
        ("light-graffiti", "It has graffiti or stickers on it", ""),
        ("light-plate", "The number plate is missing or cannot be read", ""),
        ("light-noise", "It makes a noise", ""),
        ("light-other", "Something else", "You can describe it on the next page."),
    ],
    "grid": [
        ("grid-blocked", "It is blocked", "It is full of mud, leaves or rubbish."),
        ("grid-water", "Water stands on the road", "Water was still there 2 hours after rain."),
        ("grid-overflowing", "Water comes out of it", ""),
        ("grid-smell", "It smells", ""),
        ("grid-noisy", "The cover rocks or makes a noise", ""),
        ("grid-sunken", "It is lower or higher than the road", ""),
        ("grid-poured", "Concrete, oil or paint was poured into it", ""),
        ("grid-other", "Something else", "You can describe it on the next page."),
    ],
}


def add(apps, schema_editor):
    FaultType = apps.get_model("street_reports", "FaultType")
    FaultType.objects.bulk_create(
        FaultType(kind=kind, code=code, name=name, hint=hint, position=position)
        for kind, faults in FAULTS.items()
        for position, (code, name, hint) in enumerate(faults, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("street_reports", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
