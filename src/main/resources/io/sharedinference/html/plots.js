"use strict";
(() => {
  const HEIGHT = 320, PRINTED_WIDTH = 680;
  const data = JSON.parse(document.getElementById("plots").textContent);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const number = new Intl.NumberFormat("en-US");
  const short = new Intl.NumberFormat("en-US", {notation: "compact"});
  const time = (seconds, from, to) => new Date(seconds * 1000).toISOString().slice(from, to);
  const days = data.slice >= 86400;
  let drawn = [];

  // bars from zero to each sum, the highest first, so that what shows of each is its own part
  const stacked = lines => {
    const sums = [];
    lines.forEach((line, i) => sums.push(line.tokens.map((tokens, at) => tokens + (i ? sums[i - 1][at] : 0))));
    return sums.reverse();
  };

  const plot = (element, lines, width) => {
    const reversed = lines.map((line, i) => ({...line, colour: colour("series-" + Math.min(i, 8))})).reverse();
    const axis = {stroke: colour("faint"), grid: {stroke: colour("line"), width: 1}, ticks: {stroke: colour("line"), width: 1}};
    return new uPlot({
      width, height: HEIGHT,
      tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: {
        x: {range: [data.starts[0], data.starts[data.starts.length - 1] + data.slice]},
        y: {range: (u, min, max) => [0, max > 0 ? max * 1.05 : 1]},
      },
      axes: [{...axis, values: (u, values) => values.map(at => days ? time(at, 5, 10) : time(at, 11, 16))}, {...axis, size: 60, values: (u, values) => values.map(value => short.format(value))}],
      series: [
        {label: "UTC", value: (u, seconds) => seconds == null ? "–" : time(seconds, 0, days ? 10 : 16)},
        ...reversed.map(line => ({
          label: line.name, fill: line.colour, stroke: line.colour, width: 0, points: {show: false},
          paths: uPlot.paths.bars({align: 1, size: [0.85, 80]}),
          value: (u, sum, series, at) => at == null ? "–" : number.format(line.tokens[at]),
        })),
      ],
      cursor: {drag: {x: false, y: false}, points: {show: false}},
    }, [data.starts, ...stacked(lines)], element);
  };

  const draw = printing => {
    document.documentElement.toggleAttribute("data-printing", printing);
    drawn.forEach(existing => existing.destroy());
    drawn = data.plots.map(({id, lines}) => {
      const element = document.getElementById(id);
      return plot(element, lines, printing ? PRINTED_WIDTH : element.clientWidth);
    });
  };

  draw(false);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(false));
  addEventListener("beforeprint", () => draw(true));
  addEventListener("afterprint", () => draw(false));
  addEventListener("resize", () => drawn.forEach(existing =>
    existing.setSize({width: existing.root.parentElement.clientWidth, height: HEIGHT})));
})();
