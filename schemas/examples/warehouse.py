#!/usr/bin/env python3
"""A warehouse of lifecycle.changes in SQLite: every change once, gaps found, and a report counted from the changes.

    pip install confluent-kafka
    python3 warehouse.py --brokers localhost:9092 --database warehouse.db --once
    python3 warehouse.py --database warehouse.db --report

Each batch of records is written in one transaction together with the offsets to read on from, under the key that is the
same in every replay: ce_source and ce_id. So it can be killed at any point, read any part of the topic again, and be
rebuilt from the beginning with the same result.
"""
import argparse
import os
import signal
import sqlite3
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

TABLES = """
CREATE TABLE IF NOT EXISTS offsets (partition INTEGER PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS changes (
    source TEXT, id TEXT, type TEXT NOT NULL, customer TEXT NOT NULL, time TEXT NOT NULL, partition INTEGER NOT NULL,
    generation INTEGER NOT NULL, life INTEGER NOT NULL, sequence INTEGER NOT NULL, data TEXT,
    PRIMARY KEY (source, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_customer ON changes (customer, generation, life, sequence);
CREATE INDEX IF NOT EXISTS by_generation ON changes (partition, generation);
"""

# Where each customer stands, by the newest change that says so. A generation of outputs takes the place of all that
# older ones said in its partition, so only the newest one counts; of a visitor who came back, only the newest life.
STANDING = """
WITH newest AS (
    SELECT partition, max(generation) AS generation FROM changes GROUP BY partition
), ranked AS (
    SELECT type, data, row_number() OVER (PARTITION BY customer ORDER BY life DESC, sequence DESC) AS place
    FROM changes JOIN newest USING (partition, generation)
    WHERE type IN ('lifecycle.stage.changed.v1', 'lifecycle.profile.restated.v1', 'lifecycle.profile.forgotten.v1')
)
SELECT json_extract(data, '$.stage') AS stage, count(*) AS customers,
    sum(json_extract(data, '$.revenue.amount')) AS amount, json_extract(data, '$.revenue.currency') AS currency,
    sum(json_extract(data, '$.revenue_is') <> 'exact') AS inexact
FROM ranked WHERE place = 1 AND type <> 'lifecycle.profile.forgotten.v1' GROUP BY stage, currency ORDER BY stage
"""

# In each generation and life of a customer the changes of all types are numbered from 1 on, without a gap.
GAPS = """
SELECT customer, generation, life, count(*), min(sequence), max(sequence) FROM changes
GROUP BY customer, generation, life HAVING min(sequence) <> 1 OR max(sequence) <> count(*)
"""


def open_consumer(options):
    settings = dict(setting.split("=", 1) for setting in options.kafka)
    return Consumer(settings | {
        "bootstrap.servers": options.brokers, "group.id": options.prefix + "warehouse",
        # Under read_uncommitted, changes of a transaction that was given up would be read too.
        "isolation.level": "read_committed",
        # The offsets are ours to keep. One that Kafka does not have any more has to be seen, not skipped.
        "enable.auto.commit": False, "auto.offset.reset": "error", "enable.partition.eof": True})


def begin(options, consumer, database):
    """Forgets everything, so that the whole topic is read. Every partition begins at its first record."""
    name = options.prefix + "lifecycle.changes"
    topic = consumer.list_topics(name, timeout=30).topics[name]
    if topic.error:
        give_up(f"{name}: {topic.error.str()}. Is {options.prefix!r} the --prefix that lifecycle has?")
    with database:
        database.execute("DELETE FROM changes")
        database.execute("DELETE FROM offsets")
        database.executemany(
            "INSERT INTO offsets VALUES (?, ?)", [(number, OFFSET_BEGINNING) for number in topic.partitions])


def take(database, record):
    """Writes one record in the open transaction. One that is there already stays as it is."""
    event = {name: value.decode() for name, value in record.headers()}
    # All lives of a customer begin in the same partition of the log, each at a higher offset than the one before.
    life = int(event["ce_life"].split("-")[1])
    database.execute(
        "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [event["ce_source"], event["ce_id"], event["ce_type"], event["ce_subject"], event["ce_time"],
         int(event["ce_logpartition"]), int(event["ce_source"].rsplit("/", 1)[1]), life, int(event["ce_sequence"]),
         record.value().decode()])
    if event["ce_type"] == "lifecycle.profile.forgotten.v1":
        # What the visitor did is nobody's business any more. That there were changes stays: without it gaps would
        # appear, and a change that is read again would bring back what it said.
        database.execute(
            "UPDATE changes SET data = NULL WHERE customer = ? AND life <= ?", [event["ce_subject"], life])


def follow(options, database):
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    consumer = open_consumer(options)
    if options.rebuild or not database.execute("SELECT 1 FROM offsets").fetchone():
        begin(options, consumer, database)
    offsets = dict(database.execute("SELECT partition, next FROM offsets"))
    topic = options.prefix + "lifecycle.changes"
    consumer.assign([TopicPartition(topic, partition, offset) for partition, offset in offsets.items()])
    unread = set(offsets)
    while not stopping and (unread or not options.once):
        with database:  # One transaction, or none of it.
            for record in consumer.consume(500, timeout=0.5):
                if not record.error():
                    take(database, record)
                    database.execute(
                        "UPDATE offsets SET next = ? WHERE partition = ?", [record.offset() + 1, record.partition()])
                elif record.error().code() == KafkaError._PARTITION_EOF:
                    unread.discard(record.partition())
                else:
                    raise KafkaException(record.error())
    consumer.close()


def report(database):
    """Prints customers by stage and what their orders came to when they entered it, and what is missing.

    Orders and refunds that change no stage are in no change: for revenue as it is now read lifecycle.customers.
    """
    print(f"{'stage':20}{'customers':>10}{'revenue at entry':>20}")
    for stage, customers, amount, currency, inexact in database.execute(STANDING):
        revenue = f"{amount or 0} {currency}" + (" or so" if inexact else "")
        print(f"{stage:20}{customers:>10}{revenue:>20}")
    gaps = database.execute(GAPS).fetchall()
    for customer, generation, life, count, first, last in gaps:
        print(f"gap: {customer}, generation {generation}, life {life}: {count} changes, numbered {first} to {last}")
    print(f"{len(gaps)} gaps")


def main():
    parser = argparse.ArgumentParser(description="Keeps every change once, and counts customers by stage from them.")
    parser.add_argument("--brokers", metavar="HOST:PORT,…", help="follow the changes there")
    parser.add_argument(
        "--prefix", default=os.environ.get("LIFECYCLE_PREFIX", ""), help="of the shop's topics, as lifecycle has it")
    parser.add_argument("--database", default="warehouse.db", metavar="FILE")
    parser.add_argument("--kafka", action="append", default=[], metavar="NAME=VALUE", help="a setting of the client")
    parser.add_argument("--once", action="store_true", help="end where the changes end")
    parser.add_argument("--rebuild", action="store_true", help="read everything again from the beginning")
    parser.add_argument("--report", action="store_true", help="say at the end what the changes come to")
    options = parser.parse_args()
    if not options.brokers and (options.rebuild or not options.report):
        parser.error("say --brokers to follow the changes, or --report for what was read of them")
    database = sqlite3.connect(options.database)
    database.executescript(TABLES)
    if options.brokers:
        follow(options, database)
    if options.report:
        report(database)


def give_up(problem):
    print(f"warehouse.py: {problem}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        main()
    except KafkaException as failure:
        give_up(failure.args[0].str())
