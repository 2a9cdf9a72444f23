#!/usr/bin/env python3
"""A mailer that follows lifecycle.changes and puts each mail once into its outbox.

    pip install confluent-kafka
    python3 mailer.py --brokers localhost:9092 --database mailer.db

The outbox is two tables. `contacts` has what the policy's actions say is due: whom, what, by which channel, until when;
of these nothing is left to decide but the text. `mails` has what this mailer itself makes of changes of stage, for shops
whose policy has no actions. Whatever sends takes the rows whose state is `waits` and whose `expires` has not passed,
looks up the address in the shop's own system by the customer's id, since no address comes over Kafka, and sets the state
to `sent`. Python 3.11 or later.

All that the mailer knows is in one database, and each batch of records is one transaction of it: the mails, how far
each customer was read, and the offsets to read on from. So it can be killed at any point. What was not written is read
again; what was written is never taken for news again.
"""
import argparse
import json
import os
import signal
import sqlite3
import sys
from datetime import datetime, timezone

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

# Which stage brings which mail, and whether once for ever or once in each cycle. Refunds move people back and forth
# between stages, so every mail has a key: who is a first-time buyer again was welcomed already, and who is at risk
# again within the same cycle was won back already.
MAILS = {"first_time_buyer": ("welcome", "once"), "at_risk": ("win_back", "cycle"), "dormant": ("win_back", "cycle")}

TABLES = """
CREATE TABLE IF NOT EXISTS offsets (partition INTEGER PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS customers (customer TEXT PRIMARY KEY, generation INTEGER, life INTEGER, sequence INTEGER);
CREATE TABLE IF NOT EXISTS mails (customer TEXT, stage TEXT, cycle INTEGER, mail TEXT, state TEXT, why TEXT,
    source TEXT, id TEXT, expires TEXT, PRIMARY KEY (customer, stage, cycle));
CREATE TABLE IF NOT EXISTS contacts (customer TEXT, action_key TEXT, channel TEXT, variant TEXT, state TEXT, why TEXT,
    expires TEXT, PRIMARY KEY (customer, action_key));
"""


def open_consumer(options, isolation):
    settings = dict(setting.split("=", 1) for setting in options.kafka)
    return Consumer(settings | {
        "bootstrap.servers": options.brokers, "group.id": options.prefix + "mailer",
        # Under read_uncommitted, changes of a transaction that was given up would be read too.
        "isolation.level": isolation,
        # The offsets are ours to keep. One that Kafka does not have any more has to be seen, not skipped.
        "enable.auto.commit": False, "auto.offset.reset": "error", "enable.partition.eof": True})


def ends(options, consumer, topic):
    """Returns where each partition of a topic ends, as far as this consumer is allowed to see."""
    found = consumer.list_topics(topic, timeout=30).topics[topic]
    if found.error:
        give_up(f"{topic}: {found.error.str()}. Is {options.prefix!r} the --prefix that lifecycle has?")
    return {number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=30)[1]
            for number in found.partitions}


def batches(consumer):
    """Yields a list of records, and for each partition that was read to its end, the offset where that is now."""
    while True:
        records, reached = [], {}
        for record in consumer.consume(500, timeout=0.5):
            if not record.error():
                records.append(record)
            elif record.error().code() == KafkaError._PARTITION_EOF:
                reached[record.partition()] = record.offset()
            else:
                raise KafkaException(record.error())
        yield records, reached


def begin(options, consumer, database):
    """Begins with today's customers instead of with all that ever happened.

    The order matters. First it is noted where the changes end for a reader of what is committed. A customer's row is
    committed together with its changes, but by a mark in each partition, and one mark may come later than another: so
    the rows are read as far as they were written by then, committed or not, and the reader waits for the marks. Hence
    each change is in a row that was read, or comes behind the noted end; which of them are both, the sequence tells.
    """
    noted = ends(options, consumer, options.prefix + "lifecycle.changes")
    everything = open_consumer(options, "read_uncommitted")
    rows = options.prefix + "lifecycle.customers"
    unread = ends(options, everything, rows)
    everything.close()
    consumer.assign([TopicPartition(rows, number, OFFSET_BEGINNING) for number in unread])
    with database:
        for records, reached in batches(consumer):
            for record in records:
                take_row(database, record.key().decode(), record.value())
            unread = {number: end for number, end in unread.items() if reached.get(number, -1) < end}
            if not unread:
                break
        database.executemany("INSERT INTO offsets VALUES (?, ?)", noted.items())
    consumer.unassign()


def take_row(database, customer, value):
    if value is None:
        return forget(database, customer)
    row = json.loads(value)
    remember(database, customer, (row["generation"], life_number(row["life"]), row["sequence"]))
    use_up(database, row, "was so before we began")


def take_change(database, record, now):
    """Takes one record of lifecycle.changes into the open transaction. Returns the mail that came of it, or None."""
    event = {name: value.decode() for name, value in record.headers()}
    customer, kind = event["ce_subject"], event["ce_type"]
    place = (int(event["ce_source"].rsplit("/", 1)[1]), life_number(event["ce_life"]), int(event["ce_sequence"]))
    known = database.execute(
        "SELECT generation, life, sequence FROM customers WHERE customer = ?", [customer]).fetchone()
    if known and place <= known:
        return None  # It was read before, or is in the row with which we began.
    if kind == "lifecycle.profile.forgotten.v1":
        # A visitor without order, consent or id was silent for so long that nobody has to know of them any more.
        return forget(database, customer)
    # Types of later releases are passed over, but they count in the sequence.
    remember(database, customer, place)
    data = json.loads(record.value())
    if kind == "lifecycle.stage.changed.v1":
        if data["corrects"]:
            take_back(database, "corrected", "source = ? AND id = ?", event["ce_source"], data["corrects"])
        return consider(database, event, data, now)
    if kind == "lifecycle.action.due.v1":
        return take_contact(database, event, data, now)
    if kind == "lifecycle.profile.restated.v1":
        # The log was upgraded. This says where the customer stands; nothing has happened.
        use_up(database, data, "was restated")
    elif kind == "lifecycle.consent.changed.v1" and data["channel"] == "email" and not data["contactable"]:
        take_back(database, "consent ended", "customer = ?", customer)
        database.execute(
            "UPDATE contacts SET state = 'taken back', why = 'consent ended' WHERE state = 'waits' AND customer = ? "
            "AND channel = 'email'", [customer])
    return None


def take_contact(database, event, data, now):
    """Writes a contact that is due. Its key is the same in every generation, so that an upgrade or a replay sends nothing
    twice. Consent, limits and quiet hours were kept when it fell due; cancelled and suppressed steps never come here.
    When it is delivered, the report to the shop's topic brings `action_key` back, and is not counted as another's."""
    late = datetime.fromisoformat(event["ce_expirytime"]) < now
    written = database.execute(
        "INSERT OR IGNORE INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?)",
        [data["customer_id"], data["action_key"], data["channel"], data["variant"], "not sent" if late else "waits",
         "came too late" if late else None, data["expires_at"]]).rowcount
    return f"{data['action_key']} to {data['customer_id']}" if written and not late else None


def consider(database, event, data, now):
    """Writes a mail, or why there is none. Both use up its key: nobody is mailed later for an old reason."""
    if data["stage"] not in MAILS:
        return None
    if event["ce_replaymode"] == "backfill":
        why = "happened long ago"
    elif datetime.fromisoformat(event["ce_expirytime"]) < now:
        why = "came too late"
    # A channel that is not there was never mentioned: nobody agreed to anything.
    elif not data["contactable"].get("email", {"allowed": False})["allowed"]:
        why = "may not be mailed"
    else:
        why = None
    mail = MAILS[data["stage"]][0]
    # A mail that a correction took back before it was sent has not been said yet. Any other key stays used up.
    written = database.execute(
        "INSERT INTO mails VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, "
        "why = excluded.why, source = excluded.source, id = excluded.id, expires = excluded.expires "
        "WHERE state = 'taken back' AND why = 'corrected'",
        [*key(data), mail, "not sent" if why else "waits", why, event["ce_source"], event["ce_id"],
         event["ce_expirytime"]]).rowcount
    return f"{mail} to {data['customer_id']}, {data['stage']}" if written and not why else None


def use_up(database, data, why):
    """Notes the mails that are for the past of a customer who stands here, so that none of them is sent from now on."""
    stages = {data["stage"]} | ({"first_time_buyer"} if data["orders"] else set())
    for stage in sorted(stages & MAILS.keys()):
        database.execute(
            "INSERT OR IGNORE INTO mails VALUES (?, ?, ?, ?, 'not sent', ?, NULL, NULL, NULL)",
            [*key(data | {"stage": stage}), MAILS[stage][0], why])


def take_back(database, why, condition, *values):
    database.execute(
        f"UPDATE mails SET state = 'taken back', why = ? WHERE state = 'waits' AND {condition}", [why, *values])


def key(data):
    return data["customer_id"], data["stage"], data["cycle"] if MAILS[data["stage"]][1] == "cycle" else 0


def remember(database, customer, place):
    database.execute("INSERT OR REPLACE INTO customers VALUES (?, ?, ?, ?)", [customer, *place])


def forget(database, customer):
    database.execute("DELETE FROM customers WHERE customer = ?", [customer])
    database.execute("DELETE FROM mails WHERE customer = ?", [customer])
    database.execute("DELETE FROM contacts WHERE customer = ?", [customer])


def life_number(life):
    # All lives of a customer begin in the same partition of the log, each at a higher offset than the one before.
    return int(life.split("-")[1])


def main():
    parser = argparse.ArgumentParser(description="Puts each mail that a change of stage asks for once into an outbox.")
    parser.add_argument("--brokers", required=True, metavar="HOST:PORT,…")
    parser.add_argument(
        "--prefix", default=os.environ.get("LIFECYCLE_PREFIX", ""), help="of the shop's topics, as lifecycle has it")
    parser.add_argument("--database", default="mailer.db", metavar="FILE")
    parser.add_argument("--kafka", action="append", default=[], metavar="NAME=VALUE", help="a setting of the client")
    parser.add_argument("--once", action="store_true", help="end where the changes end")
    options = parser.parse_args()
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))

    database = sqlite3.connect(options.database)
    database.executescript(TABLES)
    consumer = open_consumer(options, "read_committed")
    if not database.execute("SELECT 1 FROM offsets").fetchone():
        begin(options, consumer, database)
    offsets = dict(database.execute("SELECT partition, next FROM offsets"))
    topic = options.prefix + "lifecycle.changes"
    consumer.assign([TopicPartition(topic, partition, offset) for partition, offset in offsets.items()])
    unread = set(offsets)
    for records, reached in batches(consumer):
        mails = []
        with database:  # One transaction, or none of it.
            for record in records:
                mails.append(take_change(database, record, datetime.now(timezone.utc)))
                database.execute(
                    "UPDATE offsets SET next = ? WHERE partition = ?", [record.offset() + 1, record.partition()])
        print(*filter(None, mails), sep="\n", end="\n" if any(mails) else "", flush=True)
        unread -= reached.keys()
        if stopping or (options.once and not unread):
            break
    consumer.close()


def give_up(problem):
    print(f"mailer.py: {problem}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        main()
    except KafkaException as failure:
        give_up(failure.args[0].str())
