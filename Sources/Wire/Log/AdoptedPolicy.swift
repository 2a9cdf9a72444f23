package import CustomerLifecycle

/// A policy as genesis and adoption records carry it: the bytes of its file, and the zone rules in force that day.
package struct AdoptedPolicy: Equatable, Sendable {
    /// 1 in genesis, then one more with each adoption.
    package var number: UInt32
    /// The file, byte for byte: its hash is the policy's identity.
    package var text: [UInt8]
    package var zones: [ZoneTable]

    package static let textByteCountMax = 64 * 1_024
    package static let zoneCountMax = 1_000
    /// Between 1990 and 2100 a zone changes at most four times a year.
    package static let transitionCountMax = 1_000

    package init(number: UInt32, text: [UInt8], zones: [ZoneTable]) {
        precondition(text.count <= Self.textByteCountMax, "The policy compiler refuses longer files.")
        self.number = number
        self.text = text
        self.zones = zones
    }

    init(from reader: inout ByteReader) throws(LogRecordError) {
        number = try reader.integer(.policyNumber)
        let textCount = Int(try reader.integer(.policyText, as: UInt32.self))
        guard textCount <= Self.textByteCountMax else {
            throw .outOfRange(.policyText, found: textCount, expected: 0...Self.textByteCountMax)
        }
        text = Array(try reader.slice(.policyText, count: textCount))
        let zoneCount = Int(try reader.integer(.zoneCount, as: UInt16.self))
        guard zoneCount <= Self.zoneCountMax else {
            throw .outOfRange(.zoneCount, found: zoneCount, expected: 0...Self.zoneCountMax)
        }
        zones = []
        for _ in 0..<zoneCount { zones.append(try ZoneTable(from: &reader)) }
    }

    func append(to writer: inout ByteWriter) {
        precondition(zones.count <= Self.zoneCountMax, "A policy names at most \(Self.zoneCountMax) zones.")
        writer.append(number)
        writer.append(UInt32(text.count))
        text.withUnsafeBytes { writer.append($0) }
        writer.append(UInt16(zones.count))
        for zone in zones { zone.append(to: &writer) }
    }
}

extension ZoneTable {
    init(from reader: inout ByteReader) throws(LogRecordError) {
        let nameCount = Int(try reader.integer(.zoneName, as: UInt8.self))
        let name = String(decoding: try reader.slice(.zoneName, count: nameCount), as: UTF8.self)
        let count = Int(try reader.integer(.transitionCount, as: UInt16.self))
        guard count <= AdoptedPolicy.transitionCountMax else {
            throw .outOfRange(.transitionCount, found: count, expected: 0...AdoptedPolicy.transitionCountMax)
        }
        var transitions: [Transition] = []
        for _ in 0..<count {
            let at = Instant(milliseconds: try reader.integer(.transition))
            let offset = try reader.integer(.transition, as: Int32.self)
            transitions.append(Transition(at: at, offset: Milliseconds(Int64(offset))))
        }
        self.init(name: name, transitions: transitions)
    }

    func append(to writer: inout ByteWriter) {
        let name = Array(name.utf8)
        precondition(name.count <= 255, "IANA names are short.")
        precondition(transitions.count <= AdoptedPolicy.transitionCountMax, "A zone table ends at the year 2100.")
        writer.append(UInt8(name.count))
        name.withUnsafeBytes { writer.append($0) }
        writer.append(UInt16(transitions.count))
        for transition in transitions {
            writer.append(transition.at)
            writer.append(Int32(transition.offset.count))
        }
    }
}
