from django.db import migrations

# An update belongs to a delivery of the destination that it came from. Django knows no foreign keys
# of two columns.
TOGETHER = """
ALTER TABLE outbox_delivery
    ADD CONSTRAINT outbox_delivery_with_destination UNIQUE (id, destination_id);
ALTER TABLE outbox_inboundupdate
    ADD CONSTRAINT outbox_update_of_its_destination
    FOREIGN KEY (delivery_id, destination_id) REFERENCES outbox_delivery (id, destination_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
APART = """
ALTER TABLE outbox_inboundupdate DROP CONSTRAINT outbox_update_of_its_destination;
ALTER TABLE outbox_delivery DROP CONSTRAINT outbox_delivery_with_destination;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_staff_see_and_replay")]
    operations = [migrations.RunSQL(TOGETHER, APART)]
