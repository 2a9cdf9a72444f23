#pragma once

// What Swift cannot import of librdkafka: variadic calls and macros. Also the event descriptor that its queues write
// to.

#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>

/// Produces a record and copies key and value. Headers are packed as by `HeaderBlock`: name length u16, value length
/// i32 (-1 for none), both little endian, name, value. Returns why a record was not taken; then nothing is left to
/// free.
static inline rd_kafka_resp_err_t lifecycle_produce(
    rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition, const void *key, size_t key_count, const void *value,
    size_t value_count, const uint8_t *headers, size_t headers_count
) {
    rd_kafka_headers_t *list = rd_kafka_headers_new(24);
    size_t next = 0;
    while (headers_count - next >= 6) {
        uint16_t name_count;
        int32_t header_count;
        memcpy(&name_count, headers + next, 2);
        memcpy(&header_count, headers + next + 2, 4);
        next += 6;
        size_t count = header_count < 0 ? 0 : (size_t)header_count;
        if (headers_count - next < name_count + count) break;
        rd_kafka_header_add(
            list, (const char *)headers + next, name_count, header_count < 0 ? NULL : headers + next + name_count,
            header_count < 0 ? 0 : (ssize_t)count);
        next += name_count + count;
    }
    rd_kafka_resp_err_t error = rd_kafka_producev(
        client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY((void *)key, key_count), RD_KAFKA_V_VALUE((void *)value, value_count),
        RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_END);
    // The library takes the list over only on success.
    if (error) rd_kafka_headers_destroy(list);
    return error;
}
