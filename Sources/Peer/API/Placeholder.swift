import Hummingbird
enum APIPlaceholder {}
