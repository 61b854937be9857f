/// What routing needs of a multipart form besides its model; places are counted from the body's first byte.
struct FormScan: Equatable {
    /// Where the first part's delimiter stands.
    var start = 0
    /// What stands between parts, with its two hyphens.
    var delimiter: [UInt8] = []
    /// Where the name of a field `audio` stands, without its quotes: engines call it `file`.
    var audioName: Range<Int>?
}
