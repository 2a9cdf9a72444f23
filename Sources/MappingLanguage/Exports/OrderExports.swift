/// The exports of orders that can be read: those in the program, and one of the user's own.
package struct OrderExports: Sendable {
    /// Orders under our own names of columns; also where the user says which columns hold what.
    package let plain: OrderExport
    private let all: [OrderExport]
    /// The name of every column of any of them, folded.
    package let names: Set<String>

    /// `own` counts before those in the program.
    package init(own: OrderExport? = nil) {
        let builtIn = BuiltInExport.allCases.map(\.export)
        guard let plain = builtIn.first(where: { $0.name == BuiltInExport.orders.rawValue }) else {
            preconditionFailure("The plain export is built in.")
        }
        self.plain = plain
        all = (own.map { [$0] } ?? []) + builtIn
        names = Set(all.flatMap { $0.recognisedBy + $0.columns.values.joined() })
    }

    package func named(_ name: String) -> OrderExport? { all.first { $0.name == name } }

    /// The one by whose columns a header is known; of several the one that asks for the most.
    package func recognised(by header: Set<String>) -> OrderExport? {
        let known = all.filter { !$0.recognisedBy.isEmpty && header.isSuperset(of: $0.recognisedBy) }
        return known.max { $0.recognisedBy.count < $1.recognisedBy.count }
    }
}
