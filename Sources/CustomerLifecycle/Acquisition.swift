/// A name that a shop gives, such as a campaign's: its text, cut to 32 bytes, and a hash of all of it.
package struct Label: Hashable, Sendable {
    package static let byteCountMax = 32

    package let text: BusinessID
    /// XXH3-64 of the whole text in small ASCII letters: what a policy compares with.
    package let hash: UInt64

    package init(text: BusinessID, hash: UInt64) {
        self.text = text
        self.hash = hash
    }
}

/// Whence somebody came: what the earliest event that says it says.
package struct Acquisition: Hashable, Sendable {
    /// The campaign's source, else its name; of a newsletter signup else where it was.
    package var source: Label
    package var campaign: Label?

    package init(source: Label, campaign: Label?) {
        self.source = source
        self.campaign = campaign
    }
}
