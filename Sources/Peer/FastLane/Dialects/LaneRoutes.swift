/// The paths that the fast lane answers, for those who list the program's routes.
public enum LaneRoutes {
    /// All of them; each is POST.
    public static let paths = LaneRoute.allCases.map(\.rawValue)
}
