/// Facts format 5: what a subject's facts look like between records, in checkpoints and in components.
///
/// Canonical: sets are in their order, optional parts have a bit, and an order's stamp that equals the one before it is
/// not repeated; so equal facts are equal bytes. An order with one `Completed` and a 12-byte id takes some 35 bytes.
extension Facts {
    /// How many bytes stand before the names, at most.
    private static let headByteCountMax = 64

    private struct Parts: OptionSet {
        let rawValue: UInt32
        static let customer = Self(rawValue: 1)
        static let truncated = Self(rawValue: 2)
        static let lastSeenDiffers = Self(rawValue: 4)
        static let known = Self(rawValue: 8)
        static let knownDiffers = Self(rawValue: 16)
        static let lifeSign = Self(rawValue: 32)
        static let profile = Self(rawValue: 64)
        static let birthday = Self(rawValue: 128)
        static let locale = Self(rawValue: 256)
        static let timeZone = Self(rawValue: 512)
        static let consents = Self(rawValue: 1_024)
        static let complaints = Self(rawValue: 2_048)
        static let reviews = Self(rawValue: 4_096)
        static let survey = Self(rawValue: 8_192)
        static let share = Self(rawValue: 16_384)
        static let links = Self(rawValue: 32_768)
        /// No doing of the person's own.
        static let unseen = Self(rawValue: 65_536)
        static let acts = Self(rawValue: 131_072)
    }

    private var parts: Parts {
        var parts: Parts = []
        if isCustomer { parts.insert(.customer) }
        if isTruncated { parts.insert(.truncated) }
        if ownLastSeen != .distantPast { parts.insert(.lifeSign) }
        if ownLastSeen != .distantPast, ownLastSeen != lastEvent { parts.insert(.lastSeenDiffers) }
        if ownKnownSince != .never { parts.insert(.known) }
        if ownKnownSince != .never, ownKnownSince != ownFirstSeen { parts.insert(.knownDiffers) }
        if !profile.isEmpty { parts.insert(.profile) }
        if birthday != nil { parts.insert(.birthday) }
        if locale != nil { parts.insert(.locale) }
        if timeZone != nil { parts.insert(.timeZone) }
        // A channel is withdrawn only through an entry of it.
        if !consents.isEmpty { parts.insert(.consents) }
        if !complaints.isEmpty { parts.insert(.complaints) }
        if !reviews.isEmpty { parts.insert(.reviews) }
        if survey != nil { parts.insert(.survey) }
        if lastShare != .distantPast { parts.insert(.share) }
        if !links.isEmpty { parts.insert(.links) }
        if isCustomer, ownFirstSeen == .never { parts.insert(.unseen) }
        if hasActs { parts.insert(.acts) }
        return parts
    }

    /// Appends the packed form. `isIdentified` is not part of it: the subject says it.
    @inline(__always) package func pack(into writer: inout PackedWriter) {
        let parts = parts
        writer.write(upTo: Self.headByteCountMax) {
            $0.write(parts.rawValue)
            if parts.contains(.customer) {
                if !parts.contains(.unseen) { $0.write(ownFirstSeen) }
                $0.write(lastEvent)
            }
            if parts.contains(.lastSeenDiffers) { $0.write(ownLastSeen) }
            if parts.contains(.knownDiffers) { $0.write(ownKnownSince) }
            if parts.contains(.profile) { $0.write(profile.rawValue) }
            if let birthday {
                $0.write(birthday.stamp)
                $0.write(birthday.value.month)
                $0.write(birthday.value.day)
            }
        }
        if parts.contains(.acts) { packActs(into: &writer) }
        if let locale { writer.write(locale) }
        if let timeZone { writer.write(timeZone) }
        orders.pack(into: &writer)
        if parts.contains(.consents) { packConsents(into: &writer) }
        if parts.contains(.complaints) { packComplaints(into: &writer) }
        if parts.contains(.reviews) { packReviews(into: &writer) }
        if let survey {
            writer.write(survey.stamp)
            writer.write(UInt16(survey.value.thousandths))
        }
        if parts.contains(.share) { writer.write(lastShare) }
        if parts.contains(.links) { packLinks(into: &writer) }
    }

    /// Packed facts larger than this are cut, oldest orders first, and say `truncated`.
    package static let packedByteCountMax = 512 * 1_024

    /// Appends the packed form, cut to `packedByteCountMax`.
    mutating func packLimited(into writer: inout PackedWriter) {
        let start = writer.count
        while true {
            pack(into: &writer)
            guard writer.count - start > Self.packedByteCountMax else { return }
            writer.removeAll(after: start)
            isTruncated = true
            let count = min(max(orders.count / 8, 1), orders.count)
            keepSeen(byOrdersAt: 0..<count)
            orders.removeFirst(count)
            if orders.isEmpty { links.removeLast(min(links.count, 1)) }
        }
    }

    /// Replaces these facts by the packed ones.
    package mutating func unpack(_ bytes: UnsafeRawBufferPointer, isIdentified: Bool) {
        removeAll()
        self.isIdentified = isIdentified
        var reader = PackedReader(bytes)
        let parts = Parts(rawValue: reader.readUInt32())
        isTruncated = parts.contains(.truncated)
        if parts.contains(.customer) {
            if !parts.contains(.unseen) { ownFirstSeen = reader.readInstant() }
            lastEvent = reader.readInstant()
        }
        if parts.contains(.lifeSign) {
            ownLastSeen = parts.contains(.lastSeenDiffers) ? reader.readInstant() : lastEvent
        }
        if parts.contains(.known) {
            ownKnownSince = parts.contains(.knownDiffers) ? reader.readInstant() : ownFirstSeen
        }
        if parts.contains(.profile) { profile = Profile(rawValue: reader.readByte()) }
        if parts.contains(.birthday) {
            let stamp = reader.readStamp()
            let day = Birthday(month: Int(reader.readByte()), day: Int(reader.readByte()))
            birthday = day.map { Register($0, stamp: stamp) }
        }
        if parts.contains(.acts) { unpackActs(from: &reader) }
        if parts.contains(.locale) { locale = reader.readIDRegister() }
        if parts.contains(.timeZone) { timeZone = reader.readIDRegister() }
        orders.unpack(from: &reader)
        if parts.contains(.consents) { unpackConsents(from: &reader) }
        if parts.contains(.complaints) { unpackComplaints(from: &reader) }
        if parts.contains(.reviews) { unpackReviews(from: &reader) }
        if parts.contains(.survey) {
            let stamp = reader.readStamp()
            survey = Register(reader.readScore(), stamp: stamp)
        }
        if parts.contains(.share) { lastShare = reader.readInstant() }
        if parts.contains(.links) { unpackLinks(from: &reader) }
        precondition(reader.isAtEnd, "Packed facts are longer than their parts.")
    }

    private func packConsents(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(consents.count))
        for consent in consents {
            let hasGrant = consent.granted != nil
            let runsOut = consent.granted.map { $0.value.validUntil != .never } ?? false
            let isMarketing = consent.granted?.value.isMarketing ?? false
            let isWithdrawn = consent.withdrawn != .distantPast
            var bits = consent.channel.rawValue
            if hasGrant { bits |= 4 }
            if runsOut { bits |= 8 }
            if isMarketing { bits |= 16 }
            if isWithdrawn { bits |= 32 }
            // What most consents are to takes no bytes.
            if consent.purpose == Self.marketing { bits |= 64 }
            // Most are given once.
            let isGivenAgain = consent.granted.map { $0.stamp.time != consent.firstGranted } ?? false
            if isGivenAgain { bits |= 128 }
            writer.write(bits)
            if bits & 64 == 0 { writer.write(consent.purpose) }
            if let granted = consent.granted {
                writer.write(granted.stamp)
                if runsOut { writer.write(granted.value.validUntil) }
                if isGivenAgain { writer.write(consent.firstGranted) }
            }
            if isWithdrawn { writer.write(consent.withdrawn) }
        }
        var withdrawn: UInt8 = 0
        for channel in 0..<4 where channelWithdrawals[channel] != .distantPast { withdrawn |= 1 << UInt8(channel) }
        writer.write(withdrawn)
        for channel in 0..<4 where channelWithdrawals[channel] != .distantPast {
            writer.write(channelWithdrawals[channel])
        }
    }

    private mutating func unpackConsents(from reader: inout PackedReader) {
        for _ in 0..<reader.readCount() {
            let bits = reader.readByte()
            guard let channel = Channel(rawValue: bits & 3) else { preconditionFailure("Two bits name a channel.") }
            var consent = Consent(channel: channel, purpose: bits & 64 != 0 ? Self.marketing : reader.readID())
            if bits & 4 != 0 {
                let stamp = reader.readStamp()
                let validUntil = bits & 8 != 0 ? reader.readInstant() : .never
                consent.granted = Register(
                    Consent.Grant(validUntil: validUntil, isMarketing: bits & 16 != 0), stamp: stamp)
                consent.firstGranted = bits & 128 != 0 ? reader.readInstant() : stamp.time
            }
            if bits & 32 != 0 { consent.withdrawn = reader.readInstant() }
            consents.append(consent)
        }
        let withdrawn = reader.readByte()
        for channel in 0..<4 where withdrawn & 1 << UInt8(channel) != 0 {
            channelWithdrawals[channel] = reader.readInstant()
        }
    }

    private func packComplaints(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(complaints.count))
        for complaint in complaints {
            writer.write(
                UInt8(complaint.isOpen.value ? 1 : 0) | (complaint.opened == .never ? 0 : 2)
                    | (complaint.isSpamMark ? 4 : 0))
            writer.write(complaint.id)
            if complaint.opened != .never { writer.write(complaint.opened) }
            writer.write(complaint.isOpen.stamp)
        }
    }

    private mutating func unpackComplaints(from reader: inout PackedReader) {
        for _ in 0..<reader.readCount() {
            let bits = reader.readByte()
            let id = reader.readID()
            let opened = bits & 2 != 0 ? reader.readInstant() : .never
            complaints.append(
                Complaint(
                    id: id, opened: opened, isOpen: Register(bits & 1 != 0, stamp: reader.readStamp()),
                    isSpamMark: bits & 4 != 0))
        }
    }

    private func packReviews(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(reviews.count))
        for review in reviews {
            writer.write(review.id)
            writer.write(review.first)
            writer.write(review.score.stamp)
            writer.write(UInt16(review.score.value.thousandths))
        }
    }

    private mutating func unpackReviews(from reader: inout PackedReader) {
        for _ in 0..<reader.readCount() {
            let id = reader.readID()
            let first = reader.readInstant()
            let stamp = reader.readStamp()
            reviews.append(Review(id: id, first: first, score: Register(reader.readScore(), stamp: stamp)))
        }
    }

    private func packLinks(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(links.count))
        for link in links {
            writer.writeVarint(UInt64(link.user.count))
            link.user.withUnsafeBytes { writer.write(bytes: $0) }
            writer.write(link.first)
        }
    }

    private mutating func unpackLinks(from reader: inout PackedReader) {
        for _ in 0..<reader.readCount() {
            let count = reader.readCount()
            let user = Array(reader.read(count: count))
            links.append(Link(user: user, first: reader.readStamp()))
        }
    }
}

extension PackedCursor {
    @inline(__always) mutating func write(_ stamp: Stamp) {
        write(stamp.time)
        write(stamp.tieBreaker)
    }
}

extension PackedWriter {
    mutating func write(_ stamp: Stamp) { write(upTo: Stamp.packedByteCount + 2) { $0.write(stamp) } }

    mutating func write(_ register: Register<BusinessID>) {
        write(register.stamp)
        write(register.value)
    }
}

extension Stamp {
    static let packedByteCount = 14
}

extension PackedReader {
    mutating func readStamp() -> Stamp {
        let time = readInstant()
        return Stamp(time: time, tieBreaker: readUInt64())
    }

    mutating func readIDRegister() -> Register<BusinessID> {
        let stamp = readStamp()
        return Register(readID(), stamp: stamp)
    }

    fileprivate mutating func readScore() -> Score {
        guard let score = Score(thousandths: Int(readUInt16())) else { preconditionFailure("A packed score is one.") }
        return score
    }
}
