// Search and sort of tables of class "data". Without scripts the tables are complete, in their written order.
for (const box of document.querySelectorAll(".find")) {
  const table = document.getElementById(box.dataset.table), body = table.tBodies[0], field = box.querySelector("input");
  const rows = [...body.rows], text = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  box.hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) row.hidden = !words.every(word => text.get(row).includes(word));
    box.querySelector("output").textContent = rows.filter(row => !row.hidden).length + " / " + rows.length;
  });
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const isNumber = head.classList.contains("n");
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = (a, b) => {
        const x = value(a, column), y = value(b, column);
        if (x === "" || y === "") return (x === "") - (y === "");
        return (isNumber ? x - y : x.localeCompare(y, document.documentElement.lang)) * (down ? -1 : 1);
      };
      body.append(...rows.sort(compare));
    });
  });
}
