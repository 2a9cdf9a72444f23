import Storage

/// A log over a simulated disk. Each section of its frames is written and read as a text.
struct TestLog {
    static let directory = "/log"

    let log: SegmentedLog<SimulatedDisk>
    private(set) var frames: [Frame]
    let tornTail: TornTail?

    init(
        _ disk: SimulatedDisk, _ access: LogAccess = .readWrite, segmentByteCountMax: Int = 1 << 20
    ) throws(StorageError) {
        var settings = LogSettings()
        settings.segmentByteCountMax = segmentByteCountMax
        let (log, found) = try SegmentedLog.open(
            directory: Self.directory, access: access, disk: disk, settings: settings)
        self.log = log
        frames = found.frames
        tornTail = found.tornTail
    }

    mutating func append(_ texts: String...) throws(StorageError) {
        let buffers = texts.map(buffer)
        defer { withExtendedLifetime(buffers) {} }
        let sections = buffers.enumerated().map { OutgoingSection(tag: UInt32($0), bytes: $1.bytes) }
        frames.append(try log.append(sections))
    }

    mutating func refresh() throws(StorageError) { frames += try log.refresh().frames }

    func texts() throws(StorageError) -> [[String]] {
        var texts: [[String]] = []
        for frame in frames {
            var sections: [String] = []
            for section in frame.sections { sections.append(try text(section)) }
            texts.append(sections)
        }
        return texts
    }

    func text(_ section: Section) throws(StorageError) -> String {
        let buffer = ByteBuffer()
        try log.read(section, into: buffer)
        return buffer.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}

func buffer(_ text: String) -> ByteBuffer {
    let buffer = ByteBuffer()
    for byte in text.utf8 { buffer.append(byte) }
    return buffer
}

extension SimulatedDisk {
    /// The path of the log's newest segment.
    var newestSegment: String {
        get throws { TestLog.directory + "/" + (try names(in: TestLog.directory).last ?? "") }
    }

    /// Makes a disk with a log directory of one segment with these bytes.
    convenience init(segment bytes: [UInt8]) throws {
        self.init()
        try createDirectory(TestLog.directory)
        let path = TestLog.directory + "/00000000000000000000.frames"
        _ = try open(path, .creating)
        try syncDirectory(TestLog.directory)
        setContents(of: path, bytes)
    }
}
