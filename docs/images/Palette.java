import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.File;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** Reduces a PNG to its 128 most frequent colors, which makes a screenshot half as large: java Palette.java FILE */
class Palette {

    public static void main(String[] args) throws Exception {
        var file = new File(args[0]);
        var image = ImageIO.read(file);
        var counts = new HashMap<Integer, Integer>();
        each(image, (x, y) -> counts.merge(image.getRGB(x, y), 1, Integer::sum));
        var colors = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(128)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        var reduced = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(7, colors.length, colors, 0, false, -1, 0));
        var nearest = new LinkedHashMap<Integer, Integer>();
        each(image, (x, y) -> reduced.getRaster().setSample(x, y, 0,
                nearest.computeIfAbsent(image.getRGB(x, y), color -> nearest(color, colors))));
        ImageIO.write(reduced, "png", file);
    }

    interface Pixel {
        void at(int x, int y);
    }

    static void each(BufferedImage image, Pixel pixel) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                pixel.at(x, y);
            }
        }
    }

    static int nearest(int color, int[] colors) {
        int best = 0;
        for (int index = 1; index < colors.length; index++) {
            best = distance(color, colors[index]) < distance(color, colors[best]) ? index : best;
        }
        return best;
    }

    static int distance(int one, int other) {
        int distance = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            int difference = (one >> shift & 255) - (other >> shift & 255);
            distance += difference * difference;
        }
        return distance;
    }
}
