import CustomerLifecycle

/// Whence a person came.
extension EventDecoder {
    /// The campaign's source, else its name, else where a newsletter signup says it was.
    @inline(never) mutating func acquisition(ofSignup isSignup: Bool) -> Acquisition? {
        let campaign = label(.campaignName)
        guard let source = label(.campaignSource) ?? campaign ?? (isSignup ? label(.source) : nil) else { return nil }
        return Acquisition(source: source, campaign: campaign)
    }

    private mutating func label(_ field: EventField) -> Label? {
        guard let text = reader.textOrNumber(field) else { return nil }
        return Label(IDText.trimmingBlanks(text))
    }
}

extension Label {
    /// Nil of no bytes.
    package init?(_ name: UnsafeRawBufferPointer) {
        // Not within a letter.
        var count = min(name.count, Self.byteCountMax)
        while count > 0, count < name.count, name[count] & 0xC0 == 0x80 { count -= 1 }
        guard let text = BusinessID(UnsafeRawBufferPointer(rebasing: name[..<count])) else { return nil }
        self.init(text: text, hash: LabelHash.of(name))
    }
}
