import CustomerLifecycle

/// What the products of an order, or those that came back, say.
extension EventDecoder {
    mutating func products() -> (categories: Categories, sum: FineAmount?, ids: ProductIDs) {
        var categories = Categories()
        var ids = ProductIDs()
        switch reader.kind(of: .products) {
        case .absent, .null: return (categories, nil, ids)
        case .array: break
        case .no, .yes, .number, .text, .object:
            reader.note(.products)
            return (categories, nil, ids)
        }
        var lines = ProductLines()
        reader.eachOfProducts { field, product, text in
            switch field {
            case .productCategory:
                let name = IDText.trimmingBlanks(text)
                if !name.isEmpty { categories.insert(CategoryHash.of(name)) }
            case .listedProductID: ids.append(IDText.trimming(text))
            default: lines.take(field, of: product, text)
            }
        }
        let sum = lines.sum(of: reader.productCount)
        if lines.hasUnreadable { for field in lines.unreadable { reader.note(field) } }
        return (categories, sum, ids)
    }
}

/// Adds up the lines of products, price × quantity, value by value.
private struct ProductLines {
    private var sum: Int64 = 0
    private var count = 0
    /// A price is missing, or something cannot be read.
    private var isUnknown = false
    private(set) var hasUnreadable = false
    private(set) var unreadable: [EventField] = []
    // The line that is being read.
    private var product = 0
    private var price: Int64?
    private var thousandths = one

    private static let one: Int64 = 1_000

    mutating func take(_ field: EventField, of product: Int, _ text: UnsafeRawBufferPointer) {
        guard !isUnknown else { return }
        if product != self.product {
            endLine()
            self.product = product
        }
        if field == .productPrice {
            price = MoneyText.fine(text)?.count
            if price == nil { note(field, text) }
        } else if !IDText.trimmingBlanks(text).isEmpty {
            guard let quantity = MoneyText.minorUnits(text, digits: 3) else {
                isUnknown = true
                note(field, text)
                return
            }
            thousandths = quantity
        }
    }

    @inline(never) private mutating func note(_ field: EventField, _ text: UnsafeRawBufferPointer) {
        guard !IDText.trimmingBlanks(text).isEmpty else { return }
        hasUnreadable = true
        unreadable.append(field)
    }

    private mutating func endLine() {
        guard product > 0 else { return }
        defer { (price, thousandths) = (nil, Self.one) }
        guard let price else {
            isUnknown = true
            return
        }
        let (line, isTooLarge) = price.multipliedReportingOverflow(by: thousandths)
        sum += line / Self.one
        count += 1
        // Far below where the next line could overflow it.
        isUnknown = isTooLarge || abs(sum) > FineAmount.countMax
    }

    /// Nil where there are no products, or where one of the `productCount` has no price.
    mutating func sum(of productCount: Int) -> FineAmount? {
        guard !isUnknown, product > 0 else { return nil }
        endLine()
        return isUnknown || count < productCount ? nil : FineAmount(count: abs(sum))
    }
}
