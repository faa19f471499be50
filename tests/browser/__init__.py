"""Real browsers, on a phone's and a desk's width, through the real platform. The axe-core engine beside this file
(axe.min.js, 4.14.1, Mozilla Public License 2.0, text in axe.LICENSE) looks at every page that they open.
"""
