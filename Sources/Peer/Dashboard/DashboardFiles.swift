/// All files of the dashboard. They are part of the program: a copy of the binary alone has them, and nothing is
/// fetched from elsewhere.
public enum DashboardFiles {
    /// A file by its name; nil where there is none. Chart.js is not among them: see `ChartLibrary`.
    public static func named(_ name: String) -> DashboardFile? { files[name] }

    /// The page that all tabs share. With `wantsKey` it asks for a client key before it asks for anything of the fleet.
    public static func page(wantsKey: Bool) -> DashboardFile { wantsKey ? lockedPage : openPage }

    /// Every name, sorted.
    public static var names: [String] { files.keys.sorted() }

    private static let files = Dictionary(
        list.map { ($0, DashboardFile(name: $0, bytes: $1)) }, uniquingKeysWith: { first, _ in first })
    private static let openPage = DashboardFile(name: "index.html", bytes: PackageResources.index_html)
    private static let lockedPage = DashboardFile(
        name: "index.html",
        bytes: Array(
            String(decoding: PackageResources.index_html, as: UTF8.self)
                .replacing("data-keys=\"off\"", with: "data-keys=\"on\"").utf8))

    private static let list: [(name: String, bytes: [UInt8])] = [
        ("api.js", PackageResources.api_js),
        ("charts.js", PackageResources.charts_js),
        ("dom.js", PackageResources.dom_js),
        ("format.js", PackageResources.format_js),
        ("icon.svg", PackageResources.icon_svg),
        ("layout.css", PackageResources.layout_css),
        ("live.js", PackageResources.live_js),
        ("main.js", PackageResources.main_js),
        ("manage.js", PackageResources.manage_js),
        ("parts.css", PackageResources.parts_css),
        ("parts.js", PackageResources.parts_js),
        ("range.js", PackageResources.range_js),
        ("ranking.js", PackageResources.ranking_js),
        ("requests.js", PackageResources.requests_js),
        ("shards.js", PackageResources.shards_js),
        ("tab-apps.js", PackageResources.tab_apps_js),
        ("tab-benchmarks.js", PackageResources.tab_benchmarks_js),
        ("tab-health.js", PackageResources.tab_health_js),
        ("tab-mesh.js", PackageResources.tab_mesh_js),
        ("tab-models.js", PackageResources.tab_models_js),
        ("tab-overview.js", PackageResources.tab_overview_js),
        ("tab-recommendations.js", PackageResources.tab_recommendations_js),
        ("tab-settings.js", PackageResources.tab_settings_js),
        ("tab-trends.js", PackageResources.tab_trends_js),
        ("theme.js", PackageResources.theme_js),
        ("tokens.css", PackageResources.tokens_css),
        ("trace.js", PackageResources.trace_js),
        ("views.css", PackageResources.views_css),
    ]
}
