/// Cuts query and fragment off the URLs in a text.
enum URLText {
    /// Appends what stays of `text` to `target`; `isLocation` says that it is a URL or a part of one, whatever it
    /// looks like. A text that begins with a URL is cut to its end; of one in the middle of a text its own word is.
    static func strip(_ text: UnsafeRawBufferPointer, isLocation: Bool, into target: inout ReusedBytes) {
        if isLocation || beginsWithURL(text) {
            target.append(UnsafeRawBufferPointer(rebasing: text.prefix { !isQueryStart($0) }))
            return
        }
        var isInURL = false
        var isInQuery = false
        for index in text.indices {
            let byte = text[index]
            if isWordEnd(byte) {
                isInURL = false
                isInQuery = false
            } else if isInURL {
                isInQuery = isInQuery || isQueryStart(byte)
            } else {
                isInURL = isSchemeEnd(text, at: index)
            }
            if !isInQuery { target.append(byte) }
        }
    }

    /// A scheme and `://`, or `//`, or `www.`, before any blank.
    private static func beginsWithURL(_ text: UnsafeRawBufferPointer) -> Bool {
        let word = text.drop { $0.isASCIIBlank }.prefix { !$0.isASCIIBlank }
        if word.starts(with: "//".utf8) || word.prefix(4).elementsEqual("www.".utf8, by: { $0.loweredASCII == $1 }) {
            return true
        }
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return isSchemeEnd(text, at: colon)
    }

    /// Whether `://` begins at `index`.
    private static func isSchemeEnd(_ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
        text[index] == UInt8(ascii: ":") && index + 2 < text.count && text[index + 1] == UInt8(ascii: "/")
            && text[index + 2] == UInt8(ascii: "/")
    }

    /// Quotes and angle brackets surround URLs in text; unencoded they stand in none.
    private static func isWordEnd(_ byte: UInt8) -> Bool {
        byte.isASCIIBlank || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
    }

    static func isQueryStart(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") }
}
