/// Which module may import which: the picture in Sources/lifecycle/Documentation.docc/Design.md, as a table.
enum Arrows {
    /// The layers from the bottom up. A module may import only modules of the layers below its own.
    static let layers: [Set<String>] = [
        ["Storage", "CustomerLifecycle", "CommandLine"],
        ["Brokers", "Wire", "PolicyLanguage", "Oracle", "HTTP"],
        ["Processor", "Kafka", "Shop", "MappingLanguage"],
        ["Service", "Files", "Simulation"],
        ["Console"],
        ["lifecycle", "bench"],
    ]

    /// The modules that may import a C library or a module for tests.
    static let owners: [String: Set<String>] = [
        "CSimdJSON": ["Wire"],
        "CRdKafka": ["Kafka"],
        "CYAML": ["PolicyLanguage"],
        "CMicrohttpd": ["HTTP"],
        "CZlib": ["Files", "bench"],
        "CZstd": ["Brokers"],
        "CXXHash": ["Storage", "Wire", "Processor", "PolicyLanguage", "bench"],
        "CCrypto": ["Wire", "PolicyLanguage", "Processor", "Files", "HTTP"],
        "Oracle": ["Simulation"],
    ]

    /// Modules whose code runs per record, or must be the same everywhere: no Foundation in any of their files.
    static let withoutFoundation: Set<String> = [
        "CustomerLifecycle", "Storage", "Brokers", "Wire", "Shop", "Processor", "Kafka",
    ]

    static func isAllowed(_ imported: String, in module: String) -> Bool {
        if let owners = owners[imported] { return owners.contains(module) }
        if imported.hasPrefix("Foundation") { return !withoutFoundation.contains(module) }
        guard let below = layers.firstIndex(where: { $0.contains(imported) }) else {
            // The standard library's modules, and those of C.
            return module != "CustomerLifecycle"
        }
        // Kafka carries bytes; it knows nothing of customers.
        guard (module, imported) != ("Kafka", "CustomerLifecycle") else { return false }
        guard let layer = layers.firstIndex(where: { $0.contains(module) }) else { return false }
        return below < layer
    }
}

extension Rule {
    static let imports: [Rule] = [
        arrow(of: "Wire", broken: "import Brokers", kept: "import CustomerLifecycle"),
        arrow(of: "CustomerLifecycle", broken: "import Synchronization", kept: "// import Synchronization"),
        arrow(of: "Processor", broken: "internal import CSimdJSON", kept: "package import Wire"),
        arrow(of: "Kafka", broken: "import CustomerLifecycle", kept: "import CRdKafka"),
        arrow(of: "Shop", broken: "import FoundationEssentials", kept: "import CustomerLifecycle"),
        arrow(of: "CommandLine", broken: "import CustomerLifecycle", kept: "import FoundationEssentials"),
        arrow(of: "lifecycle", broken: "import CSimdJSON", kept: "import FoundationEssentials"),
        arrow(of: "bench", broken: "import Oracle", kept: "import Shop"),
        arrow(of: "Surprise", broken: "import Wire", kept: "let none = 0"),
    ]

    private static func arrow(of module: String, broken: String, kept: String) -> Rule {
        Rule(
            "arrows point down: \(module) has no `\(broken)`", in: "Sources/\(module)/A.swift", broken: broken,
            kept: kept
        ) { file in
            guard file.path.hasPrefix("Sources/"), file.target == module else { return [] }
            return file.imports.filter { !Arrows.isAllowed($0.module, in: file.target) }.map {
                Finding(path: file.path, line: $0.line, sentence: "\(module) may not import \($0.module)")
            }
        }
    }
}

extension SourceFile {
    var imports: [(line: Int, module: String)] {
        let statement = /^\s*(?:@\w+ +)*(?:\w+ +)?import +(?:(?:struct|enum|class|func|var) +)?(\w+)/
        return code.indices.filter { code[$0].contains("import ") }.compactMap { index in
            code[index].firstMatch(of: statement).map { (index + 1, String($0.output.1)) }
        }
    }
}
