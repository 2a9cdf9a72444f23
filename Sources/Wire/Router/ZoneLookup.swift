internal import CustomerLifecycle

/// Remembers the zones that persons were in, so that each is looked up once.
struct ZoneLookup {
    private static let countMax = 600
    private static let nameByteCountMax = 64
    private var known: [String: ZoneTable?] = [:]

    mutating func zone(named bytes: UnsafeRawBufferPointer, from settings: borrowing RouterSettings) -> ZoneTable? {
        guard (1...Self.nameByteCountMax).contains(bytes.count) else { return nil }
        let name = String(decoding: bytes, as: UTF8.self)
        if let zone = known[name] { return zone }
        let zone = settings.zoneNamed(name)
        if known.count < Self.countMax { known[name] = zone }
        return zone
    }
}
