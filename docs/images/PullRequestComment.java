import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Draws a comment in Markdown as GitHub does, with its last collapsed section expanded. Reads standard input, prints HTML.
 * usage: java -cp commonmark.jar docs/images/PullRequestComment.java
 */
class PullRequestComment {

    public static void main(String[] args) throws Exception {
        var markdown = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        var renderer = HtmlRenderer.builder().nodeRendererFactory(DiffBlock::new).build();
        var html = renderer.render(Parser.builder().build().parse(expanded(markdown)))
                .replace("<p>[!WARNING]</p>", "<p class=\"warning\">⚠ Warning</p>");
        System.out.print("""
                <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Comment</title><style>
                body { background: #fff; color: #1f2328; font: 14px/1.5 "Noto Sans", "Liberation Sans", Arial, sans-serif; margin: 16px; }
                body { display: grid; gap: 16px; grid-template-columns: 40px 1fr; }
                .avatar { background: #1f2328; border-radius: 50%; height: 40px; }
                article { border: 1px solid #d1d9e0; border-radius: 6px; min-width: 0; }
                header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; color: #59636e; padding: 8px 16px; }
                header b { color: #1f2328; } header i { border: 1px solid #d1d9e0; border-radius: 2em; font-size: 12px; font-style: normal; padding: 0 6px; }
                .body { padding: 16px; } .body > * { margin: 0 0 16px; } .body > :last-child { margin: 0; } h3 { font-size: 1.25em; }
                code { background: #818b981f; border-radius: 6px; font: 85% "DejaVu Sans Mono", "Liberation Mono", monospace; padding: .2em .4em; }
                pre { background: #f6f8fa; border-radius: 6px; line-height: 1.45; margin: 0; overflow: auto; padding: 16px; }
                pre code { background: none; font-size: 12px; padding: 0; } details pre { margin-top: 16px; }
                .added { background: #dafbe1; color: #116329; } .removed { background: #ffebe9; color: #82071e; }
                .changed { background: #ffd8b5; color: #953800; } .range { color: #8250df; font-weight: bold; }
                blockquote { border-left: .25em solid #9a6700; padding: 8px 16px; } blockquote ul { margin: 0; padding-left: 2em; }
                .warning { color: #9a6700; font-weight: 500; margin: 0 0 16px; }
                </style></head><body><div class="avatar"></div><article><header><b>github-actions</b> <i>bot</i> commented</header>
                <div class="body">
                """ + html + "</div></article></body></html>\n");
    }

    static String expanded(String markdown) {
        int last = markdown.lastIndexOf("<details>");
        return last < 0 ? markdown : markdown.substring(0, last) + "<details open>" + markdown.substring(last + "<details>".length());
    }

    record DiffBlock(HtmlNodeRendererContext context) implements NodeRenderer {

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(FencedCodeBlock.class);
        }

        @Override
        public void render(Node node) {
            var html = context.getWriter();
            html.tag("pre");
            html.tag("code");
            ((FencedCodeBlock) node).getLiteral().lines().forEach(line -> {
                html.tag("span", Map.of("class", kind(line)));
                html.text(line);
                html.tag("/span");
                html.raw("\n");
            });
            html.tag("/code");
            html.tag("/pre");
        }

        static String kind(String line) {
            return line.startsWith("+") ? "added"
                    : line.startsWith("-") ? "removed"
                    : line.startsWith("!") ? "changed"
                    : line.startsWith("@@") ? "range" : "context";
        }
    }
}
