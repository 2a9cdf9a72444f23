import Wire

/// A place in a record as a mapping writes it: `after.total`, `line_items[0].sku`, `header X-Shopify-Topic`.
struct PathText: Equatable {
    enum Root: Equatable {
        /// A field of the record's value, which need not be named.
        case value
        /// The item of the list that `each` names.
        case item
        case key
        case topic
        case header(String)
        case recordTime
    }

    /// What is wrong with the text, and at which of its characters.
    struct Fault: Error, Equatable {
        let offset: Int
        let message: String
    }

    let root: Root
    var steps: [PathStep] = []
    /// Behind `[]`: of each item of the list that `steps` lead to.
    var ofEach: [PathStep]?

    private static let depthMax = 32
    private static let indexMax = 9_999

    init(_ text: String) throws(Fault) {
        if text == "record time" {
            root = .recordTime
            return
        }
        if text == "topic" {
            root = .topic
            return
        }
        if text.hasPrefix("header ") {
            let name = String(text.dropFirst(7).drop { $0 == " " })
            guard !name.isEmpty else { throw Fault(offset: 7, message: "expected the name of a header") }
            root = .header(name)
            return
        }
        var parser = Parser(text)
        let path = try parser.path()
        var steps = path.steps
        switch path.isFirstQuoted ? nil : steps.first {
        case .key("value") where steps.count > 1: root = .value
        case .key("item"): root = .item
        case .key("key"): root = .key
        default:
            root = .value
            (self.steps, ofEach) = (steps, path.ofEach)
            return
        }
        steps.removeFirst()
        (self.steps, ofEach) = (steps, path.ofEach)
    }

    private struct Parser {
        private let characters: [Unicode.Scalar]
        private var index = 0

        init(_ text: String) { characters = Array(text.unicodeScalars) }

        mutating func path() throws(Fault) -> (steps: [PathStep], ofEach: [PathStep]?, isFirstQuoted: Bool) {
            let isFirstQuoted = characters.first == "\""
            var steps: [PathStep] = []
            var ofEach: [PathStep]?
            repeat {
                try append(.key(try name()), to: &steps, &ofEach)
                while index < characters.count, characters[index] == "[" {
                    let start = index
                    if let number = try number() {
                        try append(.index(number), to: &steps, &ofEach)
                    } else {
                        guard ofEach == nil else { throw Fault(offset: start, message: "[] stands once in a path") }
                        ofEach = []
                    }
                }
                guard index < characters.count else { return (steps, ofEach, isFirstQuoted) }
                guard characters[index] == "." else {
                    throw Fault(offset: index, message: "expected a point before the next name")
                }
                index += 1
            } while true
        }

        private func append(
            _ step: PathStep, to steps: inout [PathStep], _ ofEach: inout [PathStep]?
        ) throws(Fault) {
            guard steps.count + (ofEach?.count ?? 0) < depthMax else {
                throw Fault(offset: 0, message: "a path has at most \(depthMax) names")
            }
            if ofEach == nil { steps.append(step) } else { ofEach?.append(step) }
        }

        private mutating func name() throws(Fault) -> String {
            let start = index
            if index < characters.count, characters[index] == "\"" {
                index += 1
                let end = characters[index...].firstIndex(of: "\"")
                guard let end, end > index else { throw Fault(offset: start, message: "a quote is never closed") }
                defer { index = end + 1 }
                return text(index..<end)
            }
            while index < characters.count, characters[index] != ".", characters[index] != "[" { index += 1 }
            guard index > start else { throw Fault(offset: start, message: "expected a name") }
            return text(start..<index)
        }

        /// The number between brackets; nil for `[]`.
        private mutating func number() throws(Fault) -> Int? {
            let start = index
            guard let end = characters[index...].firstIndex(of: "]") else {
                throw Fault(offset: start, message: "a bracket is never closed")
            }
            let inner = text(index + 1..<end)
            index = end + 1
            if inner.isEmpty { return nil }
            guard inner.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(inner), number <= indexMax
            else {
                throw Fault(
                    offset: start, message: "expected [] or the number of an element, from [0] to [\(indexMax)]")
            }
            return number
        }

        private func text(_ range: Range<Int>) -> String {
            var text = ""
            text.unicodeScalars.append(contentsOf: characters[range])
            return text
        }
    }
}
