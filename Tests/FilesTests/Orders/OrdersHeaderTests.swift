import MappingLanguage
import Testing

@testable import Files

@Suite struct `The header of an orders file` {
    private static func header(_ text: String, _ columns: String...) throws(ImportError) -> OrdersHeader {
        try header(of: TemporaryFile(text.utf8), columns)
    }

    private static func header(
        of file: borrowing TemporaryFile, _ columns: [String]
    ) throws(ImportError) -> OrdersHeader {
        var request = OrdersRequest()
        request.names = try ColumnNames(columns)
        return try OrdersHeader(TextWindow(FileText(path: file.path)), request, .shared)
    }

    private static func fault(_ text: String, _ columns: String...) -> String {
        let file = TemporaryFile(text.utf8)
        do throws(ImportError) {
            _ = try header(of: file, columns)
            return "none"
        } catch {
            return error.description.replacing(file.path, with: "FILE")
        }
    }

    @Test(arguments: [
        ("order_id,customer_id,ordered_at\n", ","), ("order_id;customer_id;ordered_at\n", ";"),
        ("order_id\tcustomer_id\tordered_at", "\t"), ("\"order_id\";\"a,b,c,d\";customer_id;ordered_at\n", ";"),
        ("order_id,customer_id,ordered_at,x;y;z;a;b;c;d\n", ","), ("order_id|customer_id|ordered_at\n", "|"),
        ("sep=;\norder_id;\"a,b,c,d\";customer_id;ordered_at\n", ";"),
    ])
    func `shows by what its fields are set apart`(text: String, separator: Unicode.Scalar) throws {
        #expect(try Self.header(text).head.separator == UInt8(ascii: separator))
    }

    @Test func `is matched without regard to case and blanks`() throws {
        let header = try Self.header("\n  \n ORDER_ID ,\"Customer_Id\n\",\u{A0}Ordered_At,Größe,TOTAL\r\no1,")
        #expect(header.usedColumns == "order=1,customer=2,at=3,total=5")
        #expect(header.ignoredNames == ["Größe"] && header.export.name == "orders")
        #expect(header.name(of: .total) == "TOTAL")
        #expect(header.head.firstRowLine == 5)
    }

    @Test(arguments: ["customer=user,order=id,at=created", " Customer_ID = USER ,order_id=id, ordered_at=Created"])
    func `takes other names from the user`(columns: String) throws {
        let header = try Self.header("id,user,created,total,order_id\n", columns)
        #expect(header.usedColumns == "order=1,customer=2,at=3,total=4")
        #expect(header.ignoredNames == ["order_id"])
    }

    @Test func `takes names from several options, and names with commas in quotes`() throws {
        let header = try Self.header(
            "id,\"total, net\",user,at\n", "order=id,customer=user", "at=at,\"total=total, net\"")
        #expect(header.usedColumns == "order=1,customer=3,at=4,total=2")
    }

    @Test func `lets a name that the user gave go before one of ours`() throws {
        let header = try Self.header("order_id,customer_id,ordered_at,currency\n", "total=currency")
        #expect(header.usedColumns == "order=1,customer=2,at=3,total=4")
    }

    @Test(arguments: [
        ("", "FILE is empty; expected a header line such as order_id,customer_id,ordered_at,total,currency"),
        ("\n\r\n  \n", "FILE is empty; expected a header line such as order_id,customer_id,ordered_at,total,currency"),
        (
            "Id,User,Created At,sum\n1,2,3,4\n",
            """
            FILE has no columns order_id, customer_id, ordered_at
            Its columns are: Id, User, Created At, sum
            Say which they are, for example: --columns 'order_id=Id' --columns 'customer_id=User' --columns \
            'ordered_at=Created At'
            """
        ),
        (
            "order_id,customer_id,x\n",
            """
            FILE has no column ordered_at
            Its columns are: order_id, customer_id, x
            Say which they are, for example: --columns 'ordered_at=…'
            """
        ),
        (
            "order_id/customer_id",
            """
            FILE has no columns order_id, customer_id, ordered_at
            Its header is one name, not set apart by comma, semicolon, tab or bar: order_id/customer_id
            Say which they are, for example: --columns 'order_id=order_id/customer_id' --columns 'customer_id=…' \
            --columns 'ordered_at=…'
            """
        ),
        (
            "order_id,customer_id,Total,ordered_at,total\n",
            "FILE has 2 columns called Total (number 3, 5); rename all but the one that is total"
        ),
        ("order_id,\"customer_id\n", "FILE, line 1: the header line cannot be read: a quote is never closed"),
        ("\norder_id,\"customer_id\"x\n", "FILE, line 2: the header line cannot be read: text follows a closing quote"),
        ("order\0id\n", "FILE, line 1: the header line cannot be read: it has NUL bytes in it; is this text?"),
    ])
    func `says what is wrong with it`(text: String, message: String) {
        #expect(Self.fault(text) == message)
    }

    @Test(arguments: [
        (
            "total=sun",
            "FILE has no column sun, which --columns gives for total; did you mean sum?\n"
                + "Its columns are: order_id, customer_id, ordered_at, sum"
        ),
        ("", "gives nothing a name"),
        ("customr=a", "there is no column customr; did you mean customer?"), ("total", "total gives nothing a name"),
        ("total=", "total= gives nothing a name"), ("total=a,total=b", "total is given two names"),
        ("total=sum,discount=Sum", "sum is both total and discount"), ("\"total=a", "a quote is not closed"),
    ])
    func `says what is wrong with --columns`(columns: String, message: String) {
        let fault = Self.fault("order_id,customer_id,ordered_at,sum\n", columns)
        #expect(fault.contains(message), "\(fault)")
    }

    @Test func `may be wide, and shows not all of it`() throws {
        let names = (1...10_000).map { "column \($0)" }
        let fault = Self.fault(names.joined(separator: ";") + "\n")
        #expect(fault.contains("column 20 and 9,980 more"))
        let header = try Self.header((names + ["order_id", "customer_id", "ordered_at"]).joined(separator: ";") + "\n")
        #expect(header.usedColumns.hasPrefix("order=10001,"))
        #expect(header.ignoredNames.count == 10_000)
    }

    @Test func `is not looked for in a file without line breaks`() {
        let fault = Self.fault(String(repeating: "order_id,", count: 200_000))
        #expect(fault == "FILE, line 1: the header line cannot be read: it has more than 1 MiB; is this CSV?")
    }
}
