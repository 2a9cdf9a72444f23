/// A product that the shop sells.
package struct Product: Equatable, Sendable {
    package let id: String
    package let name: String
    package let category: String
    package let minorUnits: Int64
}

/// All products of the shop, for the desk, the kitchen and the weekend.
package enum Catalogue {
    package static let products: [Product] = shelves.enumerated().flatMap { shelf, goods in
        goods.items.enumerated().map { place, item in
            Product(
                id: "p\((shelf + 1) * 100 + place + 1)", name: item.name, category: goods.category,
                minorUnits: item.minorUnits)
        }
    }

    private static let shelves: [(category: String, items: [(name: String, minorUnits: Int64)])] = [
        ("stationery", [("Notebook", 1_490), ("Fountain pen", 3_900), ("Desk diary", 2_450), ("Ink", 990)]),
        ("kitchen", [("Chef's knife", 6_900), ("Teapot", 4_250), ("Linen apron", 3_600), ("Salt mill", 2_990)]),
        ("coffee", [("Espresso beans", 1_350), ("Filter beans", 1_290), ("Hand grinder", 7_900), ("Mug", 1_650)]),
        ("wool", [("Scarf", 4_900), ("Socks", 1_450), ("Blanket", 11_900), ("Hat", 2_900)]),
        ("garden", [("Seeds", 490), ("Secateurs", 3_450), ("Watering can", 3_990), ("Gloves", 1_890)]),
        ("books", [("Novel", 1_290), ("Cookery book", 2_800), ("Atlas", 5_900), ("Poems", 1_400)]),
    ]
}

/// A customer's home town, of which a browser tells the locale and the time zone.
package enum Home: Int, CaseIterable, Sendable {
    case paris, berlin, brussels, madrid, vienna, dublin

    package var locale: String {
        switch self {
        case .paris: "fr-FR"
        case .berlin: "de-DE"
        case .brussels: "nl-BE"
        case .madrid: "es-ES"
        case .vienna: "de-AT"
        case .dublin: "en-IE"
        }
    }

    package var timeZone: String {
        switch self {
        case .paris: "Europe/Paris"
        case .berlin: "Europe/Berlin"
        case .brussels: "Europe/Brussels"
        case .madrid: "Europe/Madrid"
        case .vienna: "Europe/Vienna"
        case .dublin: "Europe/Dublin"
        }
    }
}

/// First names of customers. Stories use them; events never hold them.
enum FirstNames {
    static let all = [
        "Ada", "Adam", "Agnes", "Alba", "Alma", "Amir", "Ana", "Anouk", "Anton", "Aya", "Basil", "Bea", "Boris",
        "Bruno",
        "Cara", "Carl", "Chloé", "Clara", "Cleo", "Colm", "Dana", "Dario", "Dora", "Edda", "Elif", "Elio", "Ella",
        "Emil",
        "Emma", "Enzo", "Eva", "Fay", "Felix", "Finn", "Flora", "Frida", "Gaël", "Gil", "Greta", "Hana", "Hugo", "Ida",
        "Igor", "Ines", "Iris", "Ivo", "Jan", "Jana", "Jette", "Jonas", "Jules", "Juno", "Karim", "Karl", "Kenza",
        "Kit",
        "Klara", "Lars", "Lea", "Leon", "Lia", "Lila", "Lina", "Loïc", "Lotte", "Luca", "Luz", "Maeve", "Malik", "Mara",
        "Marta", "Max", "Maya", "Mila", "Milo", "Mina", "Mona", "Nadia", "Nele", "Nico", "Nina", "Noa", "Noah", "Nora",
        "Olga", "Oona", "Oscar", "Otto", "Paul", "Pia", "Pilar", "Quinn", "Rana", "Remy", "Rita", "Rosa", "Ruben",
        "Ruth",
        "Samir", "Sara", "Selma", "Simon", "Sina", "Sofia", "Stella", "Sven", "Tariq", "Tess", "Theo", "Tilda", "Tom",
        "Uma", "Ugo", "Vera", "Victor", "Viola", "Wanda", "Wim", "Yael", "Yann", "Yusuf", "Zara", "Zita", "Zoë",
    ]
}
