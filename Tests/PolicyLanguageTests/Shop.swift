import CustomerLifecycle
import PolicyLanguage

/// A small policy around the one line under test, which stands on line 3 from column 11 on.
enum Shop {
    static func text(_ condition: String, define: [String] = [], more: [String] = []) -> String {
        let definitions = define.isEmpty ? [] : ["define:"] + define.map { "  " + $0 }
        return
            (["policy: t", "stages:", "  - here: \(condition)", "  - rest: otherwise"] + definitions + more + settings)
            .joined(separator: "\n")
    }

    private static let settings = [
        "currency: EUR", "cycle ends after: 90 days",
        "assume: {gap between orders: 70 days, margin: 40 %, delivery promise: 48 hours}",
        "referral: {hold: 14 days}",
    ]

    static func compile(_ condition: String, define: [String] = [], more: [String] = []) -> CompiledPolicy {
        PolicyCompiler.compile(text(condition, define: define, more: more), fileName: "shop.yaml")
    }
}

extension CompiledPolicy {
    var messages: [String] { problems.map(rendered) }
}

/// Writes nodes as prefix text, for example `all(orders >= 3, since lastOrder > 90d)`.
struct NodeText {
    let policy: Policy

    var rules: [String] { policy.rules.map { $0.condition.map(text) ?? "otherwise" } }

    func text(_ index: Int) -> String {
        let node = policy.nodes[index]
        let parameter = node.operand == 0 ? "" : "[\(node.operand)]"
        let sign = node.isPositive ? "" : "not "
        switch node.kind {
        case .all: return "all(\(parts(of: index)))"
        case .any: return "any(\(parts(of: index)))"
        case .constant: return node.isPositive ? "true" : "false"
        case .clock: return "since \(quantity(node.left)) \(node.comparison) \(quantity(node.right))"
        case .window:
            return "\(quantity(node.left)) in \(node.window.count) \(node.comparison) \(quantity(node.right))"
        case .compare: return "\(quantity(node.left)) \(node.comparison) \(quantity(node.right))"
        case .flag: return "\(sign)\(quantity(node.left))\(parameter)"
        case .has: return "\(sign)\(quantity(node.left)) has \(parameter)"
        case .stage: return "\(sign)stage\(parameter)"
        case .segment: return "\(sign)segment[\(node.operand)]"
        case .known: return "\(sign)known \(quantity(node.left))"
        }
    }

    private func parts(of index: Int) -> String {
        var parts: [String] = []
        var next = index + 1
        while next < policy.nodes[index].end {
            parts.append(text(next))
            next = policy.nodes[next].end
        }
        return parts.joined(separator: ", ")
    }

    private func quantity(_ quantity: Quantity) -> String {
        let base = quantity.fact.map { "\($0)" } ?? "\(quantity.constant)"
        return policy.steps[quantity.steps].reduce(base) { text, step in
            switch step {
            case .times(let hundredths): "\(text) *\(hundredths)"
            case .atLeast(let least): "\(text) min\(least)"
            case .atMost(let most): "\(text) max\(most)"
            }
        }
    }
}
