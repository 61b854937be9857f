"""placeholder"""
from .figure import Figure
def others(stage): return [Figure("others","",None,"",note="todo")]
