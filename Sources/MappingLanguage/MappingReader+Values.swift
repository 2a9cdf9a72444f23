import CommandLine
import PolicyLanguage
import Wire

/// Where a field's value stands, and how it is written there.
extension MappingReader {
    private enum ValueKey: String, CaseIterable {
        case field, constant, words, otherwise
        case writing = "as"
        case scale
        case decimalMark = "decimal mark"
        case zone
    }

    /// Reads a path, several of which the first filled one counts, or a map that says more.
    mutating func value(
        _ node: YAMLNode, _ kind: MappableField.Kind
    ) -> (value: MappedValue, form: MappedField.Form)? {
        var value = MappedValue()
        guard case .map(let all) = node.content else {
            value.places = places(node, takesSums: kind == .amount)
            return value.places.isEmpty ? nil : (value, ValueForms.standard(kind))
        }
        var told: [ValueKey: YAMLNode] = [:]
        for entry in entries(node, of: "where the value stands", allowed: ValueKey.allCases.map(\.rawValue)) {
            if let key = ValueKey(rawValue: entry.key.text) { told[key] = entry.value }
        }
        guard told.count == all.count else { return nil }
        guard told[.field] != nil || told[.constant] != nil else {
            error(node, "\"field:\" is missing: where does the value stand? (or \"constant:\")")
            return nil
        }
        if let field = told[.field] { value.places = places(field, takesSums: kind == .amount) }
        if let constant = told[.constant], let text = text(constant, "a text") {
            value.constant = Array(text.utf8)
            if !ValueForms.holds(text, kind) {
                error(constant, "\"\(Suggestion.excerpt(text))\" is not \(ValueForms.expected(kind))")
            }
        }
        readWords(told[.words], told[.otherwise], into: &value)
        let count = problems.count
        let form = self.form(
            kind, writing: told[.writing], scale: told[.scale], mark: told[.decimalMark], zone: told[.zone])
        return problems.count > count || (value.places.isEmpty && value.constant == nil) ? nil : (value, form)
    }

    private mutating func readWords(_ words: YAMLNode?, _ otherwise: YAMLNode?, into value: inout MappedValue) {
        if let words {
            for entry in entries(words, of: "the shop's words and what they stand for") {
                guard let meant = text(entry.value, "what the word stands for") else { continue }
                value.words.append(MappedValue.Word(said: Array(entry.key.text.utf8), meant: Array(meant.utf8)))
            }
        }
        guard let otherwise else { return }
        guard words != nil else { return error(otherwise, "\"otherwise:\" goes only with \"words:\"") }
        value.otherWord = text(otherwise, "what every other word stands for").map { Array($0.utf8) }
    }

    // MARK: Places

    private mutating func places(_ node: YAMLNode, takesSums: Bool) -> [MappedPlace] {
        var nodes = [node]
        if case .list(let list) = node.content { nodes = list }
        if nodes.isEmpty { error(node, "expected the path of a field") }
        return nodes.compactMap { place($0, takesSums: takesSums) }
    }

    /// Reads one place. Reports what is wrong with it.
    private mutating func place(_ node: YAMLNode, takesSums: Bool = false) -> MappedPlace? {
        guard let scalar = node.scalar, !scalar.text.isEmpty else {
            error(node, "expected the path of a field, such as after.total")
            return nil
        }
        return place(scalar, takesSums: takesSums)
    }

    private mutating func place(_ scalar: YAMLScalar, takesSums: Bool) -> MappedPlace? {
        guard let path = pathText(scalar) else { return nil }
        switch path.root {
        case .topic: return .topic
        case .header(let name):
            let lowered = name.lowercased()
            if let known = headers.firstIndex(where: { $0.lowercased() == lowered }) { return .header(known) }
            headers.append(name)
            return .header(headers.count - 1)
        case .key where path.steps.isEmpty: return .key
        case .recordTime:
            error(scalar, "\"record time\" stands only for \"time:\"")
            return nil
        case .value, .item, .key:
            guard let scope = scope(path.root, scalar) else { return nil }
            guard let each = path.ofEach else {
                return .path(paths.slot(path.steps, in: scope, text: scalar.text))
            }
            guard takesSums else {
                error(scalar, "[] adds up amounts; name one element, as in [0], or use \"each:\"")
                return nil
            }
            let name = String(scalar.text.prefix { $0 != "[" })
            let list = paths.slot(path.steps, in: scope, text: name)
            let items = paths.items(of: list)
            let amount = paths.slot(each, in: items, text: scalar.text)
            sums.append(MappedSum(list: list, items: items, amount: .path(amount)))
            return .sum(sums.count - 1)
        }
    }

    private mutating func pathText(_ scalar: YAMLScalar) -> PathText? {
        do throws(PathText.Fault) { return try PathText(scalar.text) } catch {
            problems.append(
                Problem(.error, at: source.place(of: error.offset, in: scalar), "\(error.message) in a path"))
            return nil
        }
    }

    private mutating func scope(_ root: PathText.Root, _ scalar: YAMLScalar) -> PathScope? {
        switch root {
        case .item:
            if items == nil {
                error(scalar, "\"item\" is an item of the list that \"each:\" names; there is none here")
            }
            return items
        case .key: return .key
        case .value, .topic, .header, .recordTime: return .value
        }
    }

    /// Reads the path of a list.
    mutating func path(_ node: YAMLNode, _ what: String) -> PathSlot? {
        guard let scalar = node.scalar, !scalar.text.isEmpty else {
            error(node, "expected \(what)")
            return nil
        }
        guard case .path(let slot) = place(scalar, takesSums: false) else { return nil }
        return slot
    }

    // MARK: Conditions

    mutating func conditions(_ node: YAMLNode, _ what: String) -> [MappedCondition] {
        entries(node, of: what).compactMap { entry in
            guard let place = place(entry.key, takesSums: false), let test = test(entry.value) else { return nil }
            return MappedCondition(place, test)
        }
    }

    private mutating func test(_ node: YAMLNode) -> MappedCondition.Test? {
        var nodes = [node]
        if case .list(let list) = node.content { nodes = list }
        if let scalar = node.scalar, scalar.style == .plain {
            if scalar.text == "present" { return .isPresent }
            if scalar.text == "absent" { return .isAbsent }
        }
        let words = nodes.compactMap { word($0) }
        return words.count == nodes.count && !words.isEmpty ? .isOneOf(words) : nil
    }

    /// Reads a word; one that is not quoted and ends in `*` stands for all that begin so.
    private mutating func word(_ node: YAMLNode) -> MappedCondition.Word? {
        guard let text = text(node, "a word, a list of words, present or absent") else { return nil }
        let isPrefix = node.scalar?.style == .plain && text.hasSuffix("*")
        return MappedCondition.Word(Array((isPrefix ? String(text.dropLast()) : text).utf8), isPrefix: isPrefix)
    }
}
