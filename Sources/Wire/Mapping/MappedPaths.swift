/// One step of a path into JSON: a member by its key, or an element of a list by its number from 0.
package enum PathStep: Hashable, Sendable {
    case key(String)
    case index(Int)
}

/// A value that a path leads to. Its number is its place among the values that a record's paths find.
package struct PathSlot: Hashable, Sendable {
    let number: Int
}

/// What paths start from: the record's value, its key, or each item of a list.
package struct PathScope: Hashable, Sendable {
    let number: Int

    package static let value = Self(number: 0)
    package static let key = Self(number: 1)
}

/// The paths of a mapping, gathered while its document is read: each is looked for once, however often it is named.
package struct MappedPaths {
    struct Node {
        let step: PathStep?
        var children: [Int] = []
        var slot: PathSlot?
    }

    struct Scope {
        let root: Int
        /// The list of whose items it is; nil for the record's value and key.
        let list: PathSlot?
        /// `PathScope.value`, or `key`: whose document its paths lead through.
        let document: PathScope
    }

    struct Slot {
        let scope: PathScope
        let steps: [PathStep]
        /// The path as the document writes it, for messages.
        let text: String
    }

    private(set) var nodes = [Node(step: nil), Node(step: nil)]
    private(set) var scopes = [
        Scope(root: 0, list: nil, document: .value), Scope(root: 1, list: nil, document: .key),
    ]
    private(set) var slots: [Slot] = []

    package init() {}

    /// Returns the slot of a path; no steps mean the scope's own value. `text` is what messages call it.
    package mutating func slot(_ steps: [PathStep], in scope: PathScope, text: String) -> PathSlot {
        var node = scopes[scope.number].root
        for step in steps { node = child(of: node, step) }
        if let known = nodes[node].slot { return known }
        let slot = PathSlot(number: slots.count)
        nodes[node].slot = slot
        slots.append(Slot(scope: scope, steps: steps, text: text))
        return slot
    }

    /// Returns a scope for the list's items: one for each use, since a list may be gone through within itself.
    package mutating func items(of list: PathSlot) -> PathScope {
        nodes.append(Node(step: nil))
        scopes.append(
            Scope(
                root: nodes.count - 1, list: list, document: scopes[slots[list.number].scope.number].document))
        return PathScope(number: scopes.count - 1)
    }

    private mutating func child(of node: Int, _ step: PathStep) -> Int {
        if let known = nodes[node].children.first(where: { nodes[$0].step == step }) { return known }
        nodes.append(Node(step: step))
        nodes[node].children.append(nodes.count - 1)
        return nodes.count - 1
    }
}

/// The same paths as flat trees, found in one pass over the members of each object that a path leads through.
struct PathTrees: Sendable {
    private struct Node {
        /// Among `names`; no bytes for an element of a list.
        var nameStart: Int32 = 0
        var nameCount: Int32 = 0
        var index: Int32 = -1
        var slot: Int32 = -1
        var firstChild: Int32 = 0
        var childCount: Int32 = 0
        /// A bit for each length that a child's name has, modulo 64: most members are passed over by it.
        var lengths: UInt64 = 0
        /// The highest number of an element that is looked for.
        var lastIndex: Int32 = -1
    }

    private var nodes: [Node] = []
    private var names: [UInt8] = []
    private var roots: [Int] = []
    let slotCount: Int

    init(_ paths: MappedPaths) {
        slotCount = paths.slots.count
        // Breadth first, so that the children of a node stand beside each other.
        var sources: [Int] = []
        for scope in paths.scopes {
            roots.append(nodes.count)
            append(paths.nodes[scope.root], source: scope.root, &sources)
            var next = nodes.count - 1
            while next < nodes.count {
                let children = paths.nodes[sources[next]].children
                nodes[next].firstChild = Int32(nodes.count)
                nodes[next].childCount = Int32(children.count)
                for child in children {
                    append(paths.nodes[child], source: child, &sources)
                    let added = nodes[nodes.count - 1]
                    if added.index < 0 { nodes[next].lengths |= 1 << UInt64(added.nameCount & 63) }
                    nodes[next].lastIndex = max(nodes[next].lastIndex, added.index)
                }
                next += 1
            }
        }
    }

    private mutating func append(_ node: MappedPaths.Node, source: Int, _ sources: inout [Int]) {
        var flat = Node()
        flat.slot = node.slot.map { Int32($0.number) } ?? -1
        switch node.step {
        case .key(let name):
            flat.nameStart = Int32(names.count)
            flat.nameCount = Int32(name.utf8.count)
            names.append(contentsOf: name.utf8)
        case .index(let index): flat.index = Int32(index)
        case nil: break
        }
        nodes.append(flat)
        sources.append(source)
    }

    /// Notes for each path of the scope which token of `json` it leads to; -1 where there is none. `token` is the
    /// scope's own value; of a member that stands twice the last one counts.
    func find(_ scope: PathScope, from token: Int?, in json: JSONTokens, _ found: UnsafeMutableBufferPointer<Int32>) {
        nodes.withUnsafeBufferPointer { nodes in
            names.withUnsafeBytes { names in
                let root = roots[scope.number]
                Self.clear(root, nodes, found)
                if let token { Self.find(root, token, nodes, names, json, found) }
            }
        }
    }

    private static func clear(
        _ node: Int, _ nodes: UnsafeBufferPointer<Node>, _ found: UnsafeMutableBufferPointer<Int32>
    ) {
        if nodes[node].slot >= 0 { found[Int(nodes[node].slot)] = -1 }
        let first = Int(nodes[node].firstChild)
        for child in first..<first + Int(nodes[node].childCount) { clear(child, nodes, found) }
    }

    private static func find(
        _ place: Int, _ token: Int, _ nodes: UnsafeBufferPointer<Node>, _ names: UnsafeRawBufferPointer,
        _ json: JSONTokens, _ found: UnsafeMutableBufferPointer<Int32>
    ) {
        let node = nodes[place]
        if node.slot >= 0 { found[Int(node.slot)] = Int32(token) }
        guard node.childCount > 0 else { return }
        let children = Int(node.firstChild)..<Int(node.firstChild + node.childCount)
        switch json[token].shape {
        case .object:
            guard node.lengths != 0 else { return }
            for key in json.keys(of: token) {
                let name = json.raw(key)
                guard node.lengths & (1 << UInt64(name.count & 63)) != 0 else { continue }
                for child in children where Int(nodes[child].nameCount) == name.count && nodes[child].index < 0 {
                    let start = Int(nodes[child].nameStart)
                    guard name.isEqual(UnsafeRawBufferPointer(rebasing: names[start..<start + name.count])) else {
                        continue
                    }
                    clear(child, nodes, found)
                    find(child, key + 1, nodes, names, json, found)
                }
            }
        case .array:
            guard node.lastIndex >= 0 else { return }
            for (number, element) in json.elements(of: token).enumerated() {
                guard number <= Int(node.lastIndex) else { break }
                for child in children where Int(nodes[child].index) == number {
                    find(child, element, nodes, names, json, found)
                }
            }
        case .key, .string, .number, .yes, .no, .null: break
        }
    }
}
