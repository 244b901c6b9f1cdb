// The basket of the sample site.
var basket = [];

function add(item) {
  basket.push(item);
  document.getElementById("basket").innerHTML = "In your basket: " + basket.join(", ");
}

function emptyBasket() {
  basket = [];
  document.getElementById("basket").innerHTML = "Your basket is empty.";
}
