package import Wire

extension MappedTime {
    /// A stated form such as `DD/MM/YYYY HH:mm`; nil where the text is none.
    package init?(form text: String) {
        guard let pieces = ValueForms.pieces(text) else { return nil }
        self.init()
        writing = .pattern(pieces)
    }
}
